"""`python -m eyamlgpg` is the console script."""

import sys

from eyamlgpg.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
