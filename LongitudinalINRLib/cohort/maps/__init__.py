"""The maps of groups: every person's change in the space of a template, and what differs between groups."""
