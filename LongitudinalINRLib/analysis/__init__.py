"""From a fitted model to numbers and pictures: regions, trajectories, scores, the report."""
