"""`python -m processminer` is the command line."""

from processminer.cli import main

main()
