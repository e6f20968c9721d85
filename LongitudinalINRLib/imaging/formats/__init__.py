"""Scans and labels in single files: NIfTI, MGH, NRRD and MetaImage, each read once and to its end."""
