"""What a campaign is to do, as a supervisor writes it down: whom it looks for, its waves, pace and limits. Pure."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

MOST_WAVES: Final = 8


class Origin(StrEnum):
    """Where somebody was found whom a recall concerns."""

    OWNER = "owner"  # a register of buyers says what they own
    BUYER = "buyer"  # a contract or order names the product
    CALLER = "caller"  # they asked about the recall, or complained about the product


class Medium(StrEnum):
    """Over what somebody is told."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"  # a list to be printed and posted by others


class Whom(StrEnum):
    """Who is told in a wave, of those whose answer stops nothing."""

    SILENT = "silent"  # who has not answered yet
    OPEN = "open"  # also who answered and has not been helped yet


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class WavePlan(_Part):
    """One wave; the hours are on the clock of who is told, and the law may narrow them."""

    medium: Medium
    whom: Whom = Whom.SILENT
    opens: time = time(9)
    closes: time = time(20)
    tries: Annotated[int, Field(ge=1, le=5)] = 3  # dials to one person; other media are tried once
    begins_at: AwareDatetime | None = None  # None: as soon as the wave before has ended

    @model_validator(mode="after")
    def _opens_first(self) -> WavePlan:
        if self.closes <= self.opens:
            raise ValueError("the hours of a wave must end later than they begin")
        return self


class CampaignPlan(_Part):
    """A whole campaign."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    audience: Annotated[tuple[Origin, ...], Field(min_length=1)]
    waves: Annotated[tuple[WavePlan, ...], Field(min_length=1, max_length=MOST_WAVES)]
    per_second: Annotated[float, Field(gt=0, le=100)] = 1.0
    lines: Annotated[int, Field(ge=1, le=1000)] = 10
    ceiling_cents: Annotated[int, Field(ge=0)] | None = None  # None: no limit
    cents_per_minute: Annotated[int, Field(ge=0, le=10_000)] = 10
    cents_per_text: Annotated[int, Field(ge=0, le=10_000)] = 10


USUAL_WAVES: Final = (
    WavePlan(medium=Medium.CALL),
    WavePlan(medium=Medium.TEXT, tries=1),
    WavePlan(medium=Medium.CALL, opens=time(17), tries=2),
    WavePlan(medium=Medium.EMAIL, tries=1),
    WavePlan(medium=Medium.LETTER, whom=Whom.OPEN, tries=1),
)
"""What is proposed: calls, then other media for who did not answer, calls at another time of day, at last a letter.

Source:
    law-and-standards.md 4.6; there is no number in any law.
"""


def cents_of_call(seconds: int, cents_per_minute: int) -> int:
    """What a call costs: each minute begun.

    Example:
        >>> cents_of_call(61, 10)
        20
    """
    return -(-max(seconds, 0) // 60) * cents_per_minute


def wave_hours(opens: str, closes: str) -> tuple[tuple[time, time], ...]:
    """The hours of a wave as they are stored, for every day alike."""
    return ((time.fromisoformat(opens), time.fromisoformat(closes)),)
