"""Statistics of groups against tables with a known truth."""
