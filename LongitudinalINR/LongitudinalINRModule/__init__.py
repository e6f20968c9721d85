"""What the scripted module is made of: the only place that knows Slicer."""
