"""What cohorts cost, and whether the answer about groups is the true one."""
"""Benchmarks of cohorts."""
"""Statistics of groups against tables with a known truth."""
"""How long the work around the people of a cohort takes."""
