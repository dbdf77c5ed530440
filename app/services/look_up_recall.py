"""Whether a product may be under recall: exactly listed, possibly, or nothing found. Never "not recalled"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint_terms import Certainty
from app.domain.gtin import GtinCheck, near_gtins, read_gtin
from app.domain.recall_identifiers import plain
from app.models.recall import RecallIdentifier, RecallRow

_FEWEST_SIGNS: Final = 3
_SURE_SIGNS: Final = 4  # a model of fewer signs stands on too many products to be sure of it
_PART_SIGNS: Final = 5
_PART_OF_CODE: Final = 8
_MOST_SIGNS: Final = 40
_MOST_RECALLS: Final = 5


@dataclass(frozen=True, slots=True)
class Match:
    """What the look-up gave: newest recall first; none unless exact or possible."""

    certainty: Certainty
    recalls: tuple[RecallRow, ...] = ()

    def to_known(self) -> dict[str, str]:
        """The outcome as a flow knows it: match, recall_number, recall_title, hazard, recall_remedy."""
        if not self.recalls:
            return {"match": str(self.certainty)}
        first = self.recalls[0]
        return {
            "match": str(self.certainty),
            "recall_number": first.number,
            "recall_title": first.title,
            "hazard": ", ".join(first.hazards),
            "recall_remedy": ", ".join(first.remedies),
        }


def look_up_recall(session: orm.Session, heard: str) -> Match:
    """Look a model or bar code up in the imported lists.

    Exact is only a number that a list gives as the product's own, whole and with a right check digit. What only the
    text of a notice mentions, a part of a number, or a number one slip away is possible.

    Args:
        heard: what was keyed or said, with blanks or hyphens between.

    Returns:
        `Certainty.NONE` if nothing was found, which does not mean that there is no recall; `Certainty.UNCHECKED` if
        what was heard is too short to look up, or no list has been imported.
    """
    normal = plain(heard)[:_MOST_SIGNS]
    if len(normal) < _FEWEST_SIGNS or session.scalar(sa.select(RecallRow.id).limit(1)) is None:
        return Match(Certainty.UNCHECKED)
    if exact := _recalls(session, _exact(heard, normal)):
        return Match(Certainty.EXACT, exact)
    if possible := _recalls(session, sa.or_(*_possible(heard, normal))):
        return Match(Certainty.POSSIBLE, possible)
    return Match(Certainty.NONE)


def _exact(heard: str, normal: str) -> sa.ColumnElement[bool]:
    code = read_gtin(heard)
    sure = sa.and_(RecallIdentifier.is_listed, sa.not_(RecallIdentifier.is_doubtful))
    codes = [code.digits] if code and code.check is GtinCheck.VALID else []
    others = [normal] if len(normal) >= _SURE_SIGNS else []
    return sa.and_(
        sure,
        sa.or_(
            sa.and_(RecallIdentifier.kind == "gtin", RecallIdentifier.normal.in_(codes)),
            sa.and_(RecallIdentifier.kind != "gtin", RecallIdentifier.normal.in_(others)),
        ),
    )


def _possible(heard: str, normal: str) -> Iterable[sa.ColumnElement[bool]]:
    code = read_gtin(heard)
    yield RecallIdentifier.normal.in_({normal, code.digits if code else normal})
    yield RecallRow.number == heard.strip()
    if len(normal) >= _PART_SIGNS:
        beginnings = [normal[:end] for end in range(_PART_SIGNS, len(normal))]
        yield sa.and_(RecallIdentifier.kind != "gtin", RecallIdentifier.normal.in_(beginnings))
        yield _begins_with(RecallIdentifier.normal, normal)
    if normal.isdecimal() and normal.isascii() and len(normal) >= _SURE_SIGNS:
        yield from _possible_by_digits(normal)


def _possible_by_digits(digits: str) -> Iterable[sa.ColumnElement[bool]]:
    """What somebody may have meant who can press digits only, and may have slipped."""
    short = digits.lstrip("0")
    yield RecallIdentifier.digits.in_({digits, short})
    if len(short) >= _PART_SIGNS:
        yield _begins_with(RecallIdentifier.digits, short)
    # Lists often give a part of the code only, without its first or last digit.
    parts = {digits[i:j] for i in range(len(digits)) for j in range(i + _PART_OF_CODE, len(digits) + 1)}
    yield sa.and_(RecallIdentifier.is_doubtful, RecallIdentifier.digits.in_({part.lstrip("0") for part in parts}))
    if _PART_OF_CODE - 1 <= len(digits) <= 15:
        yield sa.and_(RecallIdentifier.kind == "gtin", RecallIdentifier.normal.in_(near_gtins(digits)))


def _begins_with(column: orm.InstrumentedAttribute[str], start: str) -> sa.ColumnElement[bool]:
    """As a range, which the index answers on both databases."""
    return sa.and_(column >= start, column < start[:-1] + chr(ord(start[-1]) + 1))


def _recalls(session: orm.Session, condition: sa.ColumnElement[bool]) -> tuple[RecallRow, ...]:
    ids = sa.select(RecallRow.id).join(RecallIdentifier, isouter=True).where(condition)
    query = (
        sa.select(RecallRow)
        .where(RecallRow.id.in_(ids))
        .order_by(RecallRow.published_on.desc().nulls_last(), RecallRow.number)
        .limit(_MOST_RECALLS)
    )
    return tuple(session.scalars(query))
