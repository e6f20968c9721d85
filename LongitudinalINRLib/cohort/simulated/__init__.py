"""Cohorts with a known answer: a BIDS folder of people in groups whose true change is written down."""
