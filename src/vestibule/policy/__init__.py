"""What a principal may do, and what it gets to see of an answer."""

from vestibule.policy.filters import event_payload, filter_for, tells_of_the_gateway
from vestibule.policy.permits import demands, permits
from vestibule.policy.roles import scopes_of

__all__ = ["demands", "event_payload", "filter_for", "permits", "scopes_of", "tells_of_the_gateway"]
