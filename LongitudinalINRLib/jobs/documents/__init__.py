"""The JSON files of a job folder as typed, frozen objects, checked as they are read; one module each."""
