"""`python -m LongitudinalINRLib.cli`: the command line without its script."""

from LongitudinalINRLib.cli import main

main()
