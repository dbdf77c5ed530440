"""A recall of our own while it is written: what a supervisor fills in, and the recall that comes of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.domain.errors import Invalid
from app.domain.gtin import GtinCheck, read_gtin
from app.domain.recall import Recall
from app.domain.recall_dossier import Line, Prose
from app.domain.recall_identifiers import (
    Identifier,
    IdentifierKind,
    listed_gtins,
    listed_models,
    listed_numbers,
    without_repeats,
)

SOURCE: Final = "house"
"""Whose list a recall of our own stands in."""


class Draft(BaseModel):
    """What is known so far; lists are written with commas or line ends between."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line = ""
    product: Line = ""
    hazard: Line = ""
    what_to_do: Prose = ""
    models: Prose = ""
    gtins: Prose = ""
    lots: Prose = ""
    serials: Prose = ""
    units: Line = ""  # as published: "about 55,000"
    remedies: Line = ""
    sold: Line = ""
    incidents: Line = ""  # kept for the office, never spoken

    def identifiers(self) -> tuple[Identifier, ...]:
        """The numbers by which a product is told to be affected, ranges included."""
        return without_repeats(self._listed())

    def _listed(self) -> Iterator[Identifier]:
        yield from listed_gtins([self.gtins] if self.gtins else [])
        yield from listed_models([self.models] if self.models else [])
        yield from listed_numbers([self.lots] if self.lots else [], IdentifierKind.LOT)
        yield from listed_numbers([self.serials] if self.serials else [], IdentifierKind.SERIAL)


def recall_from(draft: Draft, number: str, published_on: date) -> Recall:
    """The recall that is published.

    Raises:
        Invalid: if the product, the danger or every number is missing.
    """
    for field in ("title", "product", "hazard"):
        if not getattr(draft, field):
            raise Invalid(field, "is missing")
    numbers = draft.identifiers()
    if not numbers:
        raise Invalid("models", "give at least one model, bar code, lot or serial number")
    return Recall(
        source=SOURCE,
        number=number,
        published_on=published_on,
        title=draft.title,
        products=(draft.product,),
        hazards=(draft.hazard,),
        remedies=(draft.remedies,) if draft.remedies else (),
        what_to_do=draft.what_to_do or None,
        units=draft.units or None,
        injuries=(draft.incidents,) if draft.incidents else (),
        sold=(draft.sold,) if draft.sold else (),
        identifiers=numbers,
    )


def first_draft(kind: str, shown: str, normal: str, dangers: list[str], complaints: int) -> Draft:
    """The draft that a confirmed signal opens with.

    Args:
        kind: of the signal's subject: name, number or lot.
        shown: the subject as customers wrote it.
        normal: its number without blanks.
        dangers: what the complaints tell of, the most frequent first.
        complaints: how many of them.
    """
    product, _, lot = shown.partition(" / ") if kind == "lot" else (shown, "", "")
    number = normal.partition("|")[0] if kind == "lot" else normal
    code = read_gtin(number) if kind in ("number", "lot") else None
    is_code = code is not None and code.check is GtinCheck.VALID
    is_model = kind in ("number", "lot") and not is_code and any(sign.isdecimal() for sign in number)
    return Draft(
        product=product,
        hazard=", ".join(dangers),
        gtins=number if is_code else "",
        models=product if is_model else "",
        lots=lot,
        incidents=f"{complaints} complaints to the hotline",
    )
