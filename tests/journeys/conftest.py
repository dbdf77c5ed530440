"""A whole office on a clock that jumps, for stories."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.cli.virtual_office import VirtualOffice
from app.settings import Settings


@pytest.fixture
def office(settings: Settings) -> Iterator[VirtualOffice]:
    """The demo hotlines on Monday 2026-03-02 at 09:00 UTC, with nobody at work yet."""
    opened = VirtualOffice(settings)
    yield opened
    opened.close()
    assert [f"{fault.code} {fault.message} {fault.url}" for fault in opened.carrier.faults_seen] == []
