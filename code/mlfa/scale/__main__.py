"""Train a model of the book on your own data: `python -m mlfa.scale --help`."""

import sys

from mlfa.scale.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
