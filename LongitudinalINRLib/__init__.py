"""Continuous maps of local brain volume change from one person's MRI scans."""

__version__ = "0.1.0"
