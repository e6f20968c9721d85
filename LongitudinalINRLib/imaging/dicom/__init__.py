"""Folders of DICOM files: headers first, then the one series that they tell of."""
