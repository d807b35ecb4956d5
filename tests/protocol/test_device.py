"""The device a route signs with."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol.wire import load
from vestibule.errors import BadConfiguration
from vestibule.model import Route, RouteMode, Secret
from vestibule.protocol.device import DeviceIdentity, device_of, signature_payload


@pytest.mark.parametrize("vector", load("device"), ids=lambda vector: vector["fields"]["client_id"])
def test_vectors(vector):
    """Id, key, signed text and signature are what gateways of both wires check (the keys are RFC 8032's)."""
    device = DeviceIdentity.from_seed(Secret(vector["seed"]))

    assert (device.id, device.public_key) == (vector["id"], vector["publicKey"])
    assert signature_payload(device_id=device.id, **vector["fields"]) == vector["payload"]
    assert device.sign(vector["payload"]) == vector["signature"]


def test_a_fresh_device():
    """A generated device can be kept as its seed, and its signatures hold."""
    device = DeviceIdentity.generate()
    again = DeviceIdentity.from_seed(device.seed)
    raw = base64.urlsafe_b64decode(device.public_key + "=")
    signature = base64.urlsafe_b64decode(again.sign("v3|é") + "==")

    assert (again.id, again.public_key) == (device.id, device.public_key)
    assert device.id == hashlib.sha256(raw).hexdigest()
    assert DeviceIdentity.generate().id != device.id
    Ed25519PublicKey.from_public_bytes(raw).verify(signature, "v3|é".encode())


def test_a_padded_seed_is_the_same():
    """base64url with and without padding is one seed."""
    seed = load("device")[0]["seed"]

    assert DeviceIdentity.from_seed(Secret(seed + "=")).id == DeviceIdentity.from_seed(Secret(seed)).id


@pytest.mark.parametrize("seed", ["", "short", "x" * 44, "+/" * 21 + "x", "é" * 43])
def test_a_seed_that_is_none(seed):
    """S1: an unreadable seed is a fault with a remedy, and does not show itself."""
    with pytest.raises(BadConfiguration) as fault:
        DeviceIdentity.from_seed(Secret(seed))

    assert fault.value.remedy
    assert not seed or seed not in str(fault.value)


def test_the_device_of_a_route():
    """Its seed's; behind a trusted proxy the door shows none, whatever seed is kept."""
    device = DeviceIdentity.generate()
    route = Route("ada", "ws://127.0.0.1:1", device_seed=device.seed)
    found = device_of(route)
    assert found is not None
    assert found.id == device.id
    assert device_of(replace(route, mode=RouteMode.TRUSTED_PROXY)) is None
