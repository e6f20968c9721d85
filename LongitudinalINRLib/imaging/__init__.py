"""Scans in and out: volumes with their geometry, the validated series, alignment, masks, intensity."""
