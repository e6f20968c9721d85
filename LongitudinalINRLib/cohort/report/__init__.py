"""The page of the groups: what differs between them, how sure that is, and who was left out."""
