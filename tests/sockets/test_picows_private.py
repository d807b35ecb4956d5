from __future__ import annotations

import logging

import pytest

from vestibule.errors import BadConfiguration
from vestibule.sockets import picows_private


def test_another_picows_is_refused_with_a_remedy() -> None:
    """Its private class may have changed: better no start than a broken socket."""
    with pytest.raises(BadConfiguration, match=r"picows 9\.9\.9 is installed") as refused:
        picows_private.check_version("9.9.9")
    assert refused.value.remedy is not None
    assert picows_private.WRITTEN_FOR in refused.value.remedy


def test_one_quiet_logger_for_all_sockets(caplog: pytest.LogCaptureFixture) -> None:
    """Trap "per-connection logger"; S2: picows' debug lines carry whole upgrade requests."""
    caplog.set_level(logging.DEBUG)
    log = picows_private._log
    assert not log.isEnabledFor(9)
    assert not log.isEnabledFor(logging.INFO)
    log.info("GET /ws?token=secret")
    log.debug("GET /ws?token=secret")
    assert caplog.records == []
    log.error("a peer broke a rule: %s", 1002)
    assert [record.levelno for record in caplog.records] == [logging.DEBUG]
