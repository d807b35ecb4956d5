"""Turn what a database driver throws into StorageFault, with what the operator can do about it.

Hides nothing else: a defect of ours stays the exception it is.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from vestibule.errors import StorageFault

if TYPE_CHECKING:
    from collections.abc import Iterator

_REMEDIES = (
    ("disk is full", "the disk (or its quota) is full: free some space"),
    ("disk full", "the database server's disk is full: free some space"),
    ("no space left", "the database server's disk is full: free some space"),
    ("readonly database", "the database is read-only: make the file and its folder writable for this user"),
    ("read-only transaction", "the database server is read-only: connect to the primary"),
    (
        "unable to open database file",
        "make the folder of the database file and make it writable, or set VESTIBULE_HOME",
    ),
    ("is locked", "another program holds the database: stop it, or give it a database of its own"),
    ("not a database", "the file is not a database: restore it from a backup, or move it away"),
    ("malformed", "the database file is damaged: restore it from a backup"),
    ("disk i/o error", "the disk reports errors: check it and the database file"),
    (
        "password authentication failed",
        "the database server refuses the user or password: check VESTIBULE_DATABASE_URL",
    ),
    (
        '^(?:database|role) ".*" does not exist',
        "it is not there on the server: create it, or check VESTIBULE_DATABASE_URL",
    ),
    ("too many clients", "the database server has no connection left: raise max_connections"),
    ("too many connections", "the database server has no connection left: raise max_connections"),
)
_UNREACHABLE = "the database server cannot be reached: is it running, and is VESTIBULE_DATABASE_URL right?"


@contextmanager
def storage_faults(place: str) -> Iterator[None]:
    """Raise StorageFault for what goes wrong with the storage inside; `place` names it, without a password."""
    try:
        yield
    except (
        OperationalError,
        InterfaceError,
        PoolTimeout,
        OSError,
    ) as error:  # OSError: connection refused, DNS, timeout
        raise fault(place, error) from error
    except DBAPIError as error:
        if not _is_fault(error):
            raise
        raise fault(place, error) from error


def fault(place: str, error: Exception) -> StorageFault:
    """The StorageFault for a driver's error."""
    if isinstance(error, OSError) and error.filename is not None:
        return StorageFault(
            remedy=f"{error.filename}: {error.strerror}. Make the folder writable, or set VESTIBULE_HOME."
        )
    cause = str(getattr(error, "orig", None) or error) or type(error).__name__
    known = next((remedy for sign, remedy in _REMEDIES if re.search(sign, cause, re.IGNORECASE)), None)
    if known is None:
        known = (
            _UNREACHABLE
            if isinstance(error, (OSError, InterfaceError, PoolTimeout))
            else f"the database says: {cause[:300]}"
        )
    return StorageFault(remedy=f"{place}: {known}")


def _is_fault(error: DBAPIError) -> bool:
    """Whether the database is to blame: sick, full or gone; not our statement."""
    cause = str(error.orig)
    return error.connection_invalidated or any(re.search(sign, cause, re.IGNORECASE) for sign, _ in _REMEDIES)
