"""Figures for a monitor, in the text form of Prometheus (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from thidua.jobs import life
from thidua.workspace.running import health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Labelled = tuple[Mapping[str, str], int]


def text(*, now: datetime) -> str:
    """All figures; those that need the database are left out while it is away."""
    found = health.look(now=now)
    lines = [
        *_gauge(
            "thidua_healthy",
            "Whether a check is well (1) or not (0).",
            [({"check": check.key}, int(check.is_well)) for check in found.checks],
        ),
        *_gauge("thidua_disk_free_bytes", "Free bytes where the data lie.", [({}, health.free_bytes())]),
    ]
    if found.checks[0].is_well:
        lines += _of_jobs(now=now)
    return "".join(f"{line}\n" for line in lines)


def _of_jobs(*, now: datetime) -> Iterator[str]:
    seen = life.workers(now=now)
    yield from _gauge(
        "thidua_jobs",
        "Jobs by state; those that somebody gave up are dropped.",
        [({"state": state}, number) for state, number in life.counts().items()],
    )
    yield from _gauge(
        "thidua_job_longest_wait_seconds",
        "How long the oldest job that could run has been due.",
        [({}, life.longest_wait_seconds(now=now))],
    )
    yield from _gauge(
        "thidua_workers_alive",
        "Workers with a fresh sign of life.",
        [({}, sum(one.is_alive for one in seen))],
    )
    yield from _gauge(
        "thidua_workers_busy",
        "Workers that are running a job.",
        [({}, sum(one.is_alive and one.doing is not None for one in seen))],
    )


def _gauge(name: str, about: str, values: Iterable[Labelled]) -> Iterator[str]:
    yield f"# HELP {name} {about}"
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        inside = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
        yield f"{name}{{{inside}}} {value}" if inside else f"{name} {value}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
