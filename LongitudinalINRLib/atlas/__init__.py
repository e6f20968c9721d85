"""Regions for a scan that comes without any: those of an average brain, carried over by a registration."""
