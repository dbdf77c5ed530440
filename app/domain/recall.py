"""Product recalls, in one form, whatever list they come from. Pure."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.domain.complaint_terms import Remedy
from app.domain.recall_identifiers import Identifier
from app.domain.recall_remedies import remedies_in


class Recall(BaseModel):
    """One recall as its authority published it.

    Source:
        Fields of the US CPSC's recall API; 15 USC 2064(i)(2) says what a notice holds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    source: str  # whose list: cpsc, usa.gov/cpsc
    number: Annotated[str, StringConstraints(min_length=1, max_length=40)]  # the authority's, without blanks around it
    published_on: date | None = None  # None where the list has no date
    title: Annotated[str, StringConstraints(min_length=1)]
    products: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    remedies: tuple[str, ...] = ()
    what_to_do: str | None = None  # beyond no longer using it
    risk: str | None = None  # the authority's level; None where the list has none
    units: str | None = None  # "About 55,000": text, as published
    injuries: tuple[str, ...] = ()  # kept for the office, never spoken: "None reported" lessens the risk
    sold: tuple[str, ...] = ()  # where, when and by whom
    makers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # of origin
    contact: str | None = None
    url: str | None = None
    identifiers: tuple[Identifier, ...] = ()

    @property
    def offered(self) -> tuple[Remedy, ...]:
        """Which of repair, replacement and refund the published remedies come to, in this order."""
        return remedies_in(self.remedies)

    @property
    def doubtful(self) -> tuple[Identifier, ...]:
        """The listed bar codes that are incomplete or whose check digit fails."""
        return tuple(one for one in self.identifiers if one.is_listed and one.is_doubtful)
