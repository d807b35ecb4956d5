"""`python -m vestibule` is the command `vestibule`."""

import sys

from vestibule.cli import main

sys.exit(main())
