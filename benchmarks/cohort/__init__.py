"""What a cohort costs beside the fits themselves."""
