"""A whole office on a clock that jumps, for stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from app.settings import Settings
from tests.journeys.stage import Stage


@pytest.fixture(autouse=True)
def _log_lines() -> Iterator[None]:
    """Failures that a story wants are not drawn as pictures; how log lines look is tested elsewhere."""
    with structlog.testing.capture_logs():
        yield


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.long]),
    ]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """Stories are told on SQLite, and by `scripts/test long` on PostgreSQL, too.

    What both databases must do alike is tested on both each time: in `models`, `services`, `web` and `trust`.
    """
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def office(settings: Settings) -> Iterator[Stage]:
    """The demo hotlines on Monday 2026-03-02 at 09:00 UTC, 10:00 in Berlin, with nobody at work yet.

    Whatever the story: the network found nothing wrong with what we answered, unless the story says so itself by
    emptying `carrier.faults_seen`.
    """
    opened = Stage(settings)
    yield opened
    opened.close()
    assert [f"{fault.code} {fault.message} {fault.url}" for fault in opened.carrier.faults_seen] == []
