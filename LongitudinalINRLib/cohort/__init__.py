"""Many people: from a BIDS folder to each person's result, and to the answer of groups."""
