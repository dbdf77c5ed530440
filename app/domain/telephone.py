"""Where somebody of the office is rung: at a telephone number, or at the softphone, a page in their browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

SOFTPHONE: Final = "softphone:"
"""How the address of a softphone begins; behind it stands its name."""

OPEN_FOR: Final = timedelta(seconds=150)
"""The machine's time: how long a page is taken to be open after it said so; a hidden one speaks once a minute."""


class Reachable(Protocol):
    """Somebody of the office, as far as it matters for ringing them."""

    @property
    def phone(self) -> str | None:
        """E.164; None or "" if they have no telephone number."""

    @property
    def rings_softphone(self) -> bool:
        """Whether they chose to be rung in the browser."""

    @property
    def softphone_name(self) -> str | None:
        """By which the network knows their softphone; None until they chose it for the first time."""

    @property
    def softphone_until(self) -> datetime | None:
        """The machine's time until which its page is taken to be open; None: it is closed."""


def is_softphone(address: str) -> bool:
    """Whether an address is that of a page in a browser."""
    return address.startswith(SOFTPHONE)


def has_telephone(who: Reachable) -> bool:
    """Whether somebody can be rung at all, be it only while their page is open."""
    return bool(who.phone) or who.rings_softphone


def is_open(who: Reachable, wall_now: datetime) -> bool:
    """Whether the page of somebody's softphone is taken to be open."""
    return who.rings_softphone and who.softphone_until is not None and who.softphone_until > wall_now


def address_of(who: Reachable, wall_now: datetime) -> str:
    """Where to ring somebody at this moment: the softphone while it is open, else the telephone number; "": nowhere.

    Args:
        wall_now: the machine's time.
    """
    if is_open(who, wall_now) and who.softphone_name:
        return SOFTPHONE + who.softphone_name
    return who.phone or ""


def addresses_of(who: Reachable) -> list[str]:
    """Everywhere somebody may have been rung lately."""
    return [each for each in (who.phone, who.softphone_name and SOFTPHONE + who.softphone_name) if each]
