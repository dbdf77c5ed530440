"""What one complaint says about the safety of a product: the streams it is counted in, and what it points to. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.complaint import ComplaintRecord
from app.domain.complaint_terms import Severity
from app.domain.gtin import GtinCheck
from app.domain.hazard_words import hazards_in
from app.domain.recall_identifiers import plain

HURT: Final = "hurt"
"""The danger of which the customer said yes when asked whether somebody was hurt or is in danger."""

_LONGEST_NAME: Final = 60
_SHORTEST: Final = 3


class SubjectKind(StrEnum):
    """What a stream of complaints has in common."""

    NAME = "name"  # what the customers call the product
    NUMBER = "number"  # its model or bar code
    LOT = "lot"  # a lot of it


@dataclass(frozen=True, slots=True)
class Subject:
    """What is counted together."""

    kind: SubjectKind
    normal: str  # by which complaints are told to be about the same
    shown: str  # as it was first written

    @property
    def key(self) -> str:
        """Kind and number in one."""
        return f"{self.kind}:{self.normal}"


def subjects_of(record: ComplaintRecord) -> tuple[Subject, ...]:
    """The streams that a complaint is counted in: name, number and lot of its product, as far as they are known."""
    matter = record.matter
    found = []
    name = _shown(matter.product).casefold()
    if _SHORTEST <= len(name) <= _LONGEST_NAME and not _looks_private(name):
        found.append(Subject(SubjectKind.NAME, name, _shown(matter.product)))
    number = matter.gtin if matter.gtin and matter.gtin_check is GtinCheck.VALID else plain(matter.model or "")
    if number and _SHORTEST <= len(number) <= _LONGEST_NAME:
        found.append(Subject(SubjectKind.NUMBER, number, _shown(matter.model) or number))
    if lot := plain(matter.batch or ""):
        product = number or name
        if product and len(lot) <= _LONGEST_NAME:
            shown = f"{_shown(matter.model or matter.product) or number} / {_shown(matter.batch)}"
            found.append(Subject(SubjectKind.LOT, f"{product}|{lot}", shown))
    return tuple(found)


def _shown(text: str | None) -> str:
    """Words as they are written, with one blank between them and without signs that cannot be shown."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text or "").split())


def dangers_of(record: ComplaintRecord, language: str, later: Iterable[str] = ()) -> tuple[str, ...]:
    """The dangers that a complaint points to: the answer to "was somebody hurt", and words of the story.

    Args:
        language: BCP 47, for a record that does not know its own.
        later: what the customer wrote afterwards.
    """
    matter = record.matter
    told = " . ".join(
        text for text in (matter.narrative, matter.issue, matter.sub_issue, matter.hazard, *later) if text
    )
    hurt = (HURT,) if matter.injury or record.assessment.severity is Severity.SAFETY else ()
    return hurt + hazards_in(told, record.receipt.language or language)


def _looks_private(name: str) -> bool:
    """Whether what was said for a product may be a telephone number or an address."""
    return "@" in name or sum(sign.isdecimal() for sign in name) > 8
