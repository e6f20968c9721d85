"""Established registration methods, given the same pairs of scans as ours."""
