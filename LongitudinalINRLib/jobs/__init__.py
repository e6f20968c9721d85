"""The protocol between any front (command line, Slicer, scripts) and the engine."""
