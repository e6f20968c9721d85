"""The simulated subject in Slicer's Sample Data module: made on the spot, nothing is downloaded."""
