"""What a job gave back: read, checked and kept in a scene, and its values at any month."""
