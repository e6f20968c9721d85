"""Benchmarks of cohorts."""
