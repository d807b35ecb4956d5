"""The door protocol on picows, on the HTTP port."""

from vestibule.edge.native.protocol import native_ws_class

__all__ = ["native_ws_class"]
