"""python -m sglc"""

import sys

from sglc.cli import main

if __name__ == "__main__":
    sys.exit(main())
