"""The door protocol through ASGI, for when the native edge cannot be used."""

from vestibule.edge.asgi.endpoint import AsgiEdge

__all__ = ["AsgiEdge"]
