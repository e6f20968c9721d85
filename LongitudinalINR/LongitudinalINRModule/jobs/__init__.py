"""Fits of this Slicer: prepared, waiting in line, running, found again and brought into the scene."""
