"""Pictures for the report: slices by numpy and Pillow, courses as lines for any canvas."""
