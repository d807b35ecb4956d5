"""What is counted for every frame and call: plain numbers, made into samples when somebody asks for the metrics.

A counter of the metrics library costs about a microsecond an increment, and a frame moves four of them.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from prometheus_client.metrics_core import Metric


class Traffic:
    """Frames and message bytes of one side of the road."""

    __slots__ = ("bytes_in", "bytes_out", "frames_in", "frames_out")

    def __init__(self) -> None:
        self.frames_in = self.frames_out = self.bytes_in = self.bytes_out = 0


class TrafficMetrics(Collector):
    """`vestibule_frames_total` and `vestibule_bytes_total` of all sides."""

    def __init__(self, sides: dict[str, Traffic]) -> None:
        self._sides = sides

    def collect(self) -> Iterable[Metric]:
        """The samples as they are now."""
        labels = ("side", "direction")
        frames = CounterMetricFamily(
            "vestibule_frames", "Frames by side (client, gateway) and direction (in, out).", labels=labels
        )
        bytes_ = CounterMetricFamily("vestibule_bytes", "Message bytes by side and direction.", labels=labels)
        for side, traffic in self._sides.items():
            frames.add_metric((side, "in"), traffic.frames_in)
            frames.add_metric((side, "out"), traffic.frames_out)
            bytes_.add_metric((side, "in"), traffic.bytes_in)
            bytes_.add_metric((side, "out"), traffic.bytes_out)
        return frames, bytes_


class CallMetrics(Collector):
    """`vestibule_calls_total` and `vestibule_call_seconds`, by method family."""

    def __init__(self, bounds_s: Sequence[float]) -> None:
        self._bounds_s = bounds_s
        self._families: dict[str, _Calls] = {}

    def count(self, family: str, took_s: float, *, ok: bool) -> None:
        """One call was answered."""
        calls = self._families.get(family)
        if calls is None:
            calls = self._families[family] = _Calls(len(self._bounds_s) + 1)
        calls.buckets[bisect_left(self._bounds_s, took_s)] += 1
        calls.seconds += took_s
        if ok:
            calls.ok += 1

    def collect(self) -> Iterable[Metric]:
        """The samples as they are now."""
        answered = CounterMetricFamily(
            "vestibule_calls", "Calls answered, by method family and outcome.", labels=("family", "outcome")
        )
        seconds = HistogramMetricFamily(
            "vestibule_call_seconds", "Time from a request to its answer.", labels=("family",)
        )
        for family, calls in self._families.items():
            total = sum(calls.buckets)
            answered.add_metric((family, "ok"), calls.ok)
            answered.add_metric((family, "error"), total - calls.ok)
            seconds.add_metric((family,), self._cumulated(calls.buckets), calls.seconds)
        return answered, seconds

    def _cumulated(self, buckets: list[int]) -> list[tuple[str, float]]:
        so_far = 0
        shown: list[tuple[str, float]] = []
        for bound, count in zip([*map(str, map(float, self._bounds_s)), "+Inf"], buckets, strict=True):
            so_far += count
            shown.append((bound, so_far))
        return shown


class _Calls:
    """The answered calls of one family."""

    __slots__ = ("buckets", "ok", "seconds")

    def __init__(self, buckets: int) -> None:
        self.buckets = [0] * buckets
        """How many took at most that bound and longer than the one before; the last: longer than all."""
        self.seconds = 0.0
        self.ok = 0
