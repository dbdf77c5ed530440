"""The phone network as the office sees it: verbs and plain values, no network's own words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.call import LegStatus


@dataclass(frozen=True, slots=True)
class FoundLeg:
    """A leg as the network knows it."""

    network_id: str
    status: LegStatus
    created_at: datetime | None  # None if the network does not tell
    seconds: int | None  # None until it has ended


class Softphones(Protocol):
    """Lets pages in browsers be rung."""

    @property
    def local_network(self) -> str:
        """The base URL of the local phone network; "" if pages register with the real one."""

    @property
    def origins(self) -> tuple[str, ...]:
        """Whom the page must be allowed to speak to: origins, for a Content-Security-Policy."""

    def token(self, name: str, *, wall_now: datetime, until: datetime) -> str:
        """By which a page is rung under a name until an instant of the machine's time; it can call nobody."""


class Phone(Protocol):
    """Dials, finds, ends; each call takes at most a few seconds.

    Every verb raises `NetworkRefused` when the network said no, and `NetworkUnknown` when no answer came, so that it
    may or may not have happened.
    """

    def dial(
        self,
        to: str,
        *,
        from_number: str,
        answer_url: str,
        status_url: str,
        ring_seconds: int,
        detects_machine: bool = False,
    ) -> str:
        """Ring somebody; gives the network's id of the leg.

        Args:
            to: E.164, or the address of a softphone (`app.domain.telephone`).
            from_number: one of ours, E.164.
            answer_url: asked for what to do when somebody answers.
            status_url: told of each step of the leg.
            ring_seconds: how long it rings.
            detects_machine: have the network find out whether a machine answers before it asks what to do; it waits
                until the machine has finished its greeting.
        """
        ...

    def find(self, to: str, *, since: datetime) -> list[FoundLeg]:
        """Legs to a number or a softphone that we dialled since an instant (the machine's time), the newest first."""
        ...

    def leg(self, network_id: str) -> FoundLeg | None:
        """One leg; None if the network knows of none."""
        ...

    def hang_up(self, network_id: str) -> None:
        """End a leg, whether it still rings or somebody talks; one that has ended stays so."""
        ...

    def redirect(self, network_id: str, url: str) -> None:
        """Have a leg that talks or listens ask another address at once for what to do."""
        ...

    def send_text(self, to: str, *, from_number: str, body: str, status_url: str) -> str:
        """Send a text message; gives the network's id of it."""
        ...

    def recording(self, network_id: str) -> bytes:
        """The sound of a finished recording, as WAV."""
        ...

    def delete_recording(self, network_id: str) -> None:
        """Remove a recording at the network for good; one that is gone stays so."""
        ...
