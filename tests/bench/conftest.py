"""The benchmark's C programs are for Linux (epoll, `schedstat`), strace is too, and so are their tests."""

from __future__ import annotations

import sys

collect_ignore = [] if sys.platform == "linux" else ["test_native.py", "test_syscalls.py", "test_slices.py"]
