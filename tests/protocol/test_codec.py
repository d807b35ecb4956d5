"""The one place to import the codec from."""

from __future__ import annotations

from vestibule.protocol import codec, decoding, encoding, frames


def test_everything_public_is_there():
    """What decoding and encoding offer can be taken from codec."""
    offered = {
        name
        for module in (decoding, encoding)
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", "") == module.__name__
    }

    assert offered <= set(codec.__all__)
    assert {codec.GatewayEvent, codec.GatewayResponse} == {frames.GatewayEvent, frames.GatewayResponse}
