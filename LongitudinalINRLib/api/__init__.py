"""What a Python user sees: fits, results, and a subject to try them on, over the same jobs as every front."""
