"""What the office adds to a published recall: its own words, remedies, and the plan to carry it out. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.domain.complaint_terms import Remedy

MOST: Final = 30
"""Entries of one list in a dossier."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class Risk(StrEnum):
    """How grave the risk is.

    Source:
        Commission Implementing Decision (EU) 2019/417, risk levels of Safety Gate.
    """

    SERIOUS = "serious"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Task(StrEnum):
    """What a step of the plan is for (P2)."""

    COMMUNICATION = "communication"
    LOGISTICS = "logistics"
    AUTHORITIES = "authorities"
    OTHER = "other"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class NoticeText(_Part):
    """The notice in the words of one language; what is empty is taken from the published recall."""

    product: Line = ""
    hazard: Line = ""
    what_to_do: Line = ""

    @property
    def is_empty(self) -> bool:
        """Whether it says nothing."""
        return not (self.product or self.hazard or self.what_to_do)


class Question(_Part):
    """A question that customers ask, and what agents answer (P7)."""

    question: Line
    answer: Prose


class PlanStep(_Part):
    """One step of the action plan (P2)."""

    task: Task
    what: Line
    owner: Line
    due_on: date
    done_on: date | None = None  # None until it is done


class Dossier(_Part):
    """All that the office adds to one recall."""

    risk: Risk | None = None  # None until somebody judged it
    remedies: tuple[Remedy, ...] = ()  # none: those of the published recall
    justification: Prose = ""  # why fewer remedies are offered than the law wants
    drop_off: Line = ""  # where customers may bring the product; "" nowhere
    fetches: bool = True  # whether the product is fetched, or the remedy sent, at an address
    contact: Line = ""  # beside this hotline
    texts: Mapping[str, NoticeText] = {}  # by language
    briefing: Prose = ""
    questions: tuple[Question, ...] = ()
    plan: tuple[PlanStep, ...] = ()
