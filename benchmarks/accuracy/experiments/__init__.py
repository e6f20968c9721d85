"""The published experiments, each with its figure; run ``python -m benchmarks.accuracy.experiments``."""
