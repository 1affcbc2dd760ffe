"""Run the command line as ``python -m leal``."""

from leal.cli import main

if __name__ == "__main__":
    main()
