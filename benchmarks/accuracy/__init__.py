"""Accuracy against known truth: subjects, methods, scores, published experiments, tables and figures."""
