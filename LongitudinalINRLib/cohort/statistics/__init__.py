"""What differs between groups of people, how sure that is, and how many people a trial would need.

The equations, their sources and what they were tried on stand in ``docs/cohorts-statistics.md``.
"""
