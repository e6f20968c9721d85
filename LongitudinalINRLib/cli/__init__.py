"""The command line, `longitudinal-inr`: arguments to requests, events to the screen."""

from LongitudinalINRLib.cli.app import main

__all__ = ["main"]
