"""A result as DICOM objects, and those objects into a PACS. Needs the extra `dicom`."""
