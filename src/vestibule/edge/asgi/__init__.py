"""The door protocol through ASGI, for when the native edge cannot be used."""

from vestibule.edge.asgi.endpoint import AsgiEdge, read_limit

__all__ = ["AsgiEdge", "read_limit"]
