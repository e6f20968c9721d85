"""How long the work around the people of a cohort takes."""
