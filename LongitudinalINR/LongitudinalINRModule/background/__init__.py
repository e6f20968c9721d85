"""Jobs in child processes: preparing, waiting in line, running, and finding what was left."""
