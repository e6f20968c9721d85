"""The module tried out as a person would, wherever it runs."""
