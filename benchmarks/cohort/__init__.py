"""What cohorts cost, and whether the answer about groups is the true one."""
