"""The simulated gateway lets in and turns away as the real one was measured to do."""

from __future__ import annotations

import pytest
from kitclient import Client, Failed, Key, greeted, opened
from websockets.exceptions import InvalidStatus

from vestibule.testing import SimulatedGateway, TrustedProxy, self_signed


async def refused(client: Client, **greeting: object) -> tuple[Failed, int]:
    with pytest.raises(Failed) as failed:
        await client.greet(**greeting)
    return failed.value, await client.until_closed()


async def test_a_backend_on_loopback_keeps_its_scopes():
    """Shared token, no device, gateway-client/backend: everything asked for is granted."""
    async with SimulatedGateway() as gateway, greeted(gateway.url) as client:
        assert client.hello["protocol"] == 4
        assert client.hello["auth"]["scopes"] == ["operator.admin"]
        assert client.hello["auth"]["method"] == "token"
        assert "deviceToken" not in client.hello["auth"]
        assert client.hello["policy"]["tickIntervalMs"] == 30_000
        assert "sessions.usage" not in client.hello["features"]["methods"]
        assert gateway.open_connections == 1


@pytest.mark.parametrize("who", [("gateway-client", "cli"), ("test", "test"), ("openclaw-probe", "probe")])
async def test_other_clients_without_device_are_let_in_without_scopes(who: tuple[str, str]):
    """hello-ok looks fine and every call fails FORBIDDEN."""
    async with SimulatedGateway() as gateway, greeted(gateway.url, who=who) as client:
        assert client.hello["auth"]["scopes"] == []
        with pytest.raises(Failed) as failed:
            await client.call("health")
        assert failed.value.code == "FORBIDDEN"
        assert failed.value.details["missingScope"] == "operator.read"


async def test_from_afar_a_client_without_device_has_no_scopes():
    async with SimulatedGateway(remote=True) as gateway, greeted(gateway.url) as client:
        assert client.hello["auth"]["scopes"] == []


async def test_a_wrong_token_is_refused():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        failed, code = await refused(client, token="wrong")
        assert failed.details["code"] == "AUTH_TOKEN_MISMATCH"
        assert code == 1008


async def test_nothing_at_all_needs_a_device():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        failed, _ = await refused(client, token=None)
        assert (failed.code, failed.details["code"]) == ("NOT_PAIRED", "DEVICE_IDENTITY_REQUIRED")


@pytest.mark.parametrize(("low", "high"), [(3, 3), (5, 6)])
async def test_another_protocol_is_refused(low: int, high: int):
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        failed, code = await refused(client, low=low, high=high)
        assert failed.details["code"] == "PROTOCOL_MISMATCH"
        assert failed.details["expectedProtocol"] == 4
        assert code == 1002


async def test_unknown_clients_are_refused():
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        failed, code = await refused(client, who=("my-app", "backend"))
        assert "at /client/id: must be equal to one of the allowed values" in failed.message
        assert code == 1008


@pytest.mark.parametrize(
    ("tampered", "code"),
    [
        ({"scopes": "operator.read"}, "DEVICE_AUTH_SIGNATURE_INVALID"),
        ({"platform": "darwin"}, "DEVICE_AUTH_SIGNATURE_INVALID"),
        ({"token": ""}, "DEVICE_AUTH_SIGNATURE_INVALID"),
        ({"nonce": "another"}, "DEVICE_AUTH_NONCE_MISMATCH"),
        ({"blockId": "0" * 64}, "DEVICE_AUTH_DEVICE_ID_MISMATCH"),
        ({"signedAt": 1}, "DEVICE_AUTH_SIGNATURE_EXPIRED"),
    ],
)
async def test_a_device_signature_is_really_verified(tampered: dict[str, object], code: str):
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        failed, _ = await refused(client, key=Key(), tampered=tampered)
        assert failed.details["code"] == code


@pytest.mark.parametrize(("off_ms", "accepted"), [(110_000, True), (130_000, False)])
async def test_a_signature_is_fresh_for_two_minutes(off_ms: int, accepted: bool):
    async with SimulatedGateway() as gateway, opened(gateway.url) as client:
        await client.until(lambda: client.challenge)
        client.challenge["ts"] -= off_ms
        if accepted:
            await client.greet(key=Key())
        else:
            failed, _ = await refused(client, key=Key())
            assert failed.details["code"] == "DEVICE_AUTH_SIGNATURE_EXPIRED"


async def test_cli_is_paired_silently_on_loopback():
    """hello-ok carries a device token, the same at every later connect."""
    key = Key()
    async with SimulatedGateway() as gateway:
        async with greeted(gateway.url, who=("cli", "cli"), key=key) as client:
            token = client.hello["auth"]["deviceToken"]
            assert len(token) == 43
        async with greeted(gateway.url, key=key, token=token) as client:
            assert client.hello["auth"]["method"] == "device-token"
            assert client.hello["auth"]["deviceToken"] == token
            assert client.hello["auth"]["scopes"] == ["operator.admin"]


async def test_a_backend_is_not_paired_on_loopback():
    key = Key()
    async with SimulatedGateway() as gateway, greeted(gateway.url, key=key) as client:
        assert client.hello["auth"]["scopes"] == ["operator.admin"]
        assert "deviceToken" not in client.hello["auth"]
        assert gateway.devices.paired == {}


async def test_an_unknown_device_from_afar_waits_for_approval():
    """The same key gets the same request id; after approval it comes in from anywhere."""
    key = Key()
    async with SimulatedGateway(remote=True) as gateway:
        async with opened(gateway.url) as client:
            first, code = await refused(client, key=key)
            assert (first.code, first.details["code"], code) == ("NOT_PAIRED", "PAIRING_REQUIRED", 1008)
        async with opened(gateway.url) as client:
            second, _ = await refused(client, key=key)
            assert second.details["requestId"] == first.details["requestId"]
        gateway.devices.pair(gateway.devices.pending[first.details["requestId"]])
        async with greeted(gateway.url, key=key) as client:
            assert client.hello["auth"]["deviceToken"]


async def test_another_platform_of_a_paired_key_needs_approval():
    key = Key()
    async with SimulatedGateway() as gateway:
        async with greeted(gateway.url, who=("cli", "cli"), key=key):
            pass
        gateway.admission.remote = True
        async with opened(gateway.url) as client:
            failed, _ = await refused(client, key=key, platform="darwin")
            assert failed.details["reason"] == "metadata-upgrade"
            assert failed.details["approvedScopes"] == ["operator.admin"]


async def test_a_removed_device_has_a_wrong_token():
    key = Key()
    async with SimulatedGateway() as gateway:
        async with greeted(gateway.url, who=("cli", "cli"), key=key) as client:
            token = client.hello["auth"]["deviceToken"]
            await client.call("device.pair.remove", {"deviceId": key.id})
        async with opened(gateway.url) as client:
            failed, _ = await refused(client, key=key, token=token)
            assert failed.details["code"] == "AUTH_TOKEN_MISMATCH"
            assert failed.details["canRetryWithDeviceToken"] is True


async def test_ten_wrong_tokens_from_afar_lock_the_address():
    """Even the right token is refused then, for five minutes."""
    now = [1_800_000_000_000]
    async with SimulatedGateway(remote=True, now_ms=lambda: now[0]) as gateway:
        for _ in range(10):
            async with opened(gateway.url) as client:
                await refused(client, token="wrong")
        async with opened(gateway.url) as client:
            failed, _ = await refused(client)
            assert failed.details["code"] == "AUTH_RATE_LIMITED"
            assert failed.error["retryable"] is True
            assert 0 < failed.error["retryAfterMs"] <= 300_000
        now[0] += 300_001
        async with greeted(gateway.url):
            pass


async def test_trusted_proxy_grants_by_identity_header():
    proxy = TrustedProxy({"door@example": ("operator.admin",)}, "x-relay-user")
    async with SimulatedGateway(remote=True, trusted_proxy=proxy) as gateway:
        known = {"x-relay-user": "door@example", "x-forwarded-for": "203.0.113.9"}
        async with greeted(gateway.url, headers=known, token=None) as client:
            assert client.hello["auth"]["method"] == "trusted-proxy"
            assert client.hello["auth"]["scopes"] == ["operator.admin"]
        async with greeted(gateway.url, headers=known | {"x-relay-user": "eve"}, token=None) as client:
            assert client.hello["auth"]["scopes"] == []
        async with opened(gateway.url, additional_headers={"x-relay-user": "door@example"}) as client:
            failed, _ = await refused(client, token=None)
            assert failed.details["code"] == "DEVICE_IDENTITY_REQUIRED"


async def test_a_foreign_origin_is_refused_and_an_allowed_one_loses_its_scopes():
    async with SimulatedGateway(allowed_origins=("https://app.example",)) as gateway:
        async with opened(gateway.url, additional_headers={"Origin": "https://evil.example"}) as client:
            failed, code = await refused(client)
            assert (failed.details["code"], code) == ("CONTROL_UI_ORIGIN_NOT_ALLOWED", 1008)
        async with greeted(gateway.url, headers={"Origin": "https://app.example"}) as client:
            assert client.hello["auth"]["scopes"] == []


async def test_forwarded_headers_of_an_unknown_proxy_are_forbidden():
    async with SimulatedGateway() as gateway:
        with pytest.raises(InvalidStatus) as refusal:
            async with opened(gateway.url, additional_headers={"X-Forwarded-For": "203.0.113.9"}):
                pass
        assert refusal.value.response.status_code == 403


async def test_the_first_frame_must_be_connect():
    async with SimulatedGateway() as gateway:
        async with opened(gateway.url) as client:
            await client.send({"type": "req", "id": "1", "method": "health"})
            assert await client.until_closed() == 1008
            assert client.answers["1"][0]["error"]["message"] == "invalid handshake: first request must be connect"
        async with opened(gateway.url) as client:
            await client.send("garbage")
            assert await client.until_closed() == 1000
        async with opened(gateway.url) as client:
            await client.send("x" * 70_000)
            assert await client.until_closed() == 1009


async def test_no_connect_in_time_is_a_close():
    async with SimulatedGateway(connect_timeout_s=0.05) as gateway, opened(gateway.url) as client:
        assert await client.until_closed() == 1000


class TestWire3:
    """2026.3.13: what differs from wire 4."""

    async def test_without_device_scopes_are_cleared_and_auth_is_absent(self):
        async with SimulatedGateway(protocol=3) as gateway, greeted(gateway.url) as client:
            assert client.hello["protocol"] == 3
            assert "auth" not in client.hello
            with pytest.raises(Failed) as failed:
                await client.call("health")
            assert (failed.value.code, failed.value.message) == ("INVALID_REQUEST", "missing scope: operator.read")
            assert failed.value.details == {}

    async def test_with_device_everything_answers(self):
        async with SimulatedGateway(protocol=3) as gateway, greeted(gateway.url, key=Key()) as client:
            assert (await client.call("health"))["ok"] is True
            with pytest.raises(Failed, match=r"unknown method: sessions\.subscribe"):
                await client.call("sessions.subscribe")

    async def test_a_paired_device_gets_auth_with_its_token(self):
        async with (
            SimulatedGateway(protocol=3) as gateway,
            greeted(gateway.url, who=("cli", "cli"), key=Key()) as client,
        ):
            assert client.hello["auth"]["deviceToken"]

    async def test_wire_4_only_is_refused(self):
        async with SimulatedGateway(protocol=3) as gateway, opened(gateway.url) as client:
            failed, code = await refused(client, low=4, high=4)
            assert (failed.details, code) == ({"expectedProtocol": 3}, 1002)

    async def test_newer_connect_keys_are_refused(self):
        async with SimulatedGateway(protocol=3) as gateway, opened(gateway.url) as client:
            failed, _ = await refused(client, modelCatalog={})
            assert failed.message == "invalid connect params: at root: unexpected property 'modelCatalog'"


async def test_wss_with_a_certificate_of_its_own():
    """The fingerprint is what a route pins."""
    import hashlib
    import ssl

    tls = self_signed()
    trust = ssl.create_default_context(cadata=tls.certificate_pem)
    async with SimulatedGateway(tls=tls.context) as gateway, opened(gateway.url, ssl=trust) as client:
        await client.greet()
        der = client.ws.transport.get_extra_info("ssl_object").getpeercert(binary_form=True)
        assert hashlib.sha256(der).hexdigest() == tls.fingerprint


async def test_health_probes_answer_plain_http():
    import asyncio

    async with SimulatedGateway() as gateway:
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = await reader.read()
        assert b" 200 " in answer.split(b"\r\n")[0]
        assert b'"ready":true' in answer
        writer.close()
