"""A colour as MRML takes it."""

Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1."""
