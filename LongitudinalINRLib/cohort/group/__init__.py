"""The group level: tables, statistics, maps and the page, from everybody's result."""
