"""Statistics of groups against tables with a known truth."""
"""How long the work around the people of a cohort takes."""
