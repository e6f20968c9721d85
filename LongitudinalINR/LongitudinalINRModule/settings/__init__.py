"""What can be set in the panel, and what it means for a fit."""
