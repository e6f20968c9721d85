"""What a reader of a cohort sees of its people in one table. Needs the standard library alone."""
