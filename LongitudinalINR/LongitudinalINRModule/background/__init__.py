"""Work while the window answers: in steps, in other threads and in processes of Slicer's Python."""
