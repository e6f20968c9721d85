"""What the engine needs besides Slicer's own Python, and how it is installed."""
