"""Speed and accuracy, measured: each prints a table and writes JSON; never part of the test run."""
