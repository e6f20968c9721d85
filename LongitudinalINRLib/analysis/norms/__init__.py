"""Reference values of one's own: how much a region changes a year in people of an age and sex."""
