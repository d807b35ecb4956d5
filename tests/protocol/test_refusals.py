"""What a refusal means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.wire import compact, fuzz, json_values, load, named
from vestibule.protocol.decoding import decode_gateway
from vestibule.protocol.frames import GatewayResponse
from vestibule.protocol.refusals import judge, missing_scopes, unreadable


@pytest.mark.parametrize("entry", load("handshake")["refusals"], ids=named)
def test_verdicts(entry):
    """P8: what can pass is tried again when the gateway says; what cannot stops the loop and names the remedy."""
    response = decode_gateway(entry["text"].encode())
    assert isinstance(response, GatewayResponse)
    refused = judge(response.body)

    assert {
        "code": refused.code,
        "retryable": refused.retryable,
        "retryAfterMs": refused.retry_after_ms,
        "fatal": refused.fatal,
        "starting": refused.starting,
    } == entry["verdict"]
    assert refused.remedy
    assert entry.get("remedy", "") in refused.remedy


def test_no_text_of_the_gateway_gets_out():
    """S6: a gateway's message may hold addresses: it is in neither text."""
    body = b',"ok":false,"error":{"code":"TEAPOT","message":"10.0.0.1 says no","details":{"requestId":"10.0.0.1\\n"}}}'
    refused = judge(body)

    assert "10.0.0.1" not in refused.message + refused.remedy


def test_a_rejected_device_token_is_not_the_end():
    """Only when a device token was used is there another token to try."""
    body = b',"ok":false,"error":{"code":"INVALID_REQUEST","details":{"code":"AUTH_DEVICE_TOKEN_MISMATCH"}}}'
    with_device_token, without = judge(body, used_device_token=True), judge(body)

    assert (with_device_token.device_token_rejected, with_device_token.fatal) == (True, False)
    assert (without.device_token_rejected, without.fatal) == (False, True)


def test_too_few_scopes():
    """Granted scopes are an error with the remedy in it, for devices and for trusted proxies."""
    assert "operator.admin" in missing_scopes(["operator.admin"]).remedy
    assert "`relay`" in missing_scopes(["operator.admin"], identity="relay").remedy
    assert "no nonce" in unreadable("no nonce").remedy


ODD_ERROR = st.fixed_dictionaries(
    {}, optional={"code": json_values, "details": json_values, "retryable": json_values, "retryAfterMs": json_values}
)


@fuzz
@given(json_values | st.fixed_dictionaries({"error": json_values | ODD_ERROR}))
def test_any_error_gets_a_verdict(answer):
    """P5: no error object is too odd."""
    refused = judge(b',"ok":false,' + compact(answer)[1:])

    assert refused.message
    assert len(refused.code) <= 64
