"""A cohort as tidy tables: who took part, and what changed in whom, by how much, and how sure that is."""
