"""What a principal may do, and what it gets to see of an answer."""

from vestibule.policy.filters import filter_for
from vestibule.policy.permits import permits
from vestibule.policy.roles import scopes_of

__all__ = ["filter_for", "permits", "scopes_of"]
