"""From a BIDS folder to plans: who is there, which scans are taken, and when they were made."""
