"""The start of a fit, learned on simulated changes of the template brain: ``python -m benchmarks.start``."""
