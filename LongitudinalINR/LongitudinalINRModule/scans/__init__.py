"""What goes into a fit: scans, their months, and labels, as they lie in a scene and as files of a job."""
