"""Many people: which of them a table shows, and in which order."""
