"""For every test: a defect that the product caught and only logged is a failure all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import structlog

from support.lanes import Lanes, lanes_first

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from xdist.remote import Producer

pytest_plugins = ["support.gateways"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    lanes_first(items)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Lanes:
    """In the order of the items, not the largest files first."""
    config.option.loadscopereorder = False
    return Lanes(config, log)


@pytest.fixture(autouse=True)
def defects(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tracebacks in the log, by event; a test that provokes one names it: `@pytest.mark.logs_defect("x.failed")`."""
    seen: list[str] = []

    def note(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        if fields.get("exc_info"):
            seen.append(fields["event"])
        return fields

    structlog.configure(processors=[note, *structlog.get_config()["processors"]])
    yield
    structlog.reset_defaults()
    marker = request.node.get_closest_marker("logs_defect")
    expected = marker.args if marker else ()
    assert set(seen) <= set(expected), "tracebacks in the log"
