"""What results and scans are in a MRML scene: no Qt, no application, collaborators given by the caller."""
