"""What a person takes along from a result."""
