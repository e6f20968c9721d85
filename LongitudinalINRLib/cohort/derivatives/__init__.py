"""What a cohort's folder shows of each person and of itself: BIDS Derivatives, pages, methods text."""
