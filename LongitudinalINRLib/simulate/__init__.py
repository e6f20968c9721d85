"""Subjects with a known deformation, for the demo, the tests and the benchmarks."""
