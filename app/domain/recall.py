"""Product recalls, in one form, whatever list they come from. Pure."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from app.domain.recall_identifiers import Identifier


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
    contact: str | None = None
    url: str | None = None
    identifiers: tuple[Identifier, ...] = ()

    @property
    def doubtful(self) -> tuple[Identifier, ...]:
        """The listed bar codes that are incomplete or whose check digit fails."""
        return tuple(one for one in self.identifiers if one.is_listed and one.is_doubtful)
