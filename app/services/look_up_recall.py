"""Whether a product may be under recall: exactly listed, possibly, or nothing found. Never "not recalled".

Every number is found by equality, or as the beginning of others with at most so many of them, so that what a look-up
costs does not depend on how many recalls there are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint_terms import Certainty
from app.domain.gtin import Gtin, GtinCheck, near_gtins, read_gtin
from app.domain.recall_identifiers import plain
from app.domain.recall_ranges import blocks_around
from app.models.recall import RecallRow

_FEWEST_SIGNS: Final = 3
_SURE_SIGNS: Final = 4  # a model of fewer signs stands on too many products to be sure of it
_PART_SIGNS: Final = 5
_PART_OF_CODE: Final = 8
_MOST_SIGNS: Final = 40
_MOST_RECALLS: Final = 5
_MOST_HITS: Final = 100  # of one way to look; more only say that too little was heard
_MOST_BEGINNINGS: Final = 20  # of those that begin as what was heard, whose rows lie far apart

_LONGEST_CODE: Final = 15  # digits, one too many


def _ways(*ways: tuple[int, str]) -> Mapping[str, sa.TextClause]:
    """One statement of ways to look, each by itself and limited: an OR of them would make a database read everything.

    Args:
        ways: rank (the likeliest has the least) and condition of each; a condition on `number` is one on recalls.

    Returns:
        By dialect. PostgreSQL takes a list as one value, so that it prepares the statement once.
    """
    selects: list[str] = []
    lists: set[str] = set()
    for rank, condition in ways:
        table, column = ("recalls", "id") if condition.startswith("number ") else ("recall_identifiers", "recall_id")
        # In the order of the index, so that no planner thinks that reading all rows ends sooner.
        most = f"ORDER BY {condition.split()[0]} LIMIT {_MOST_BEGINNINGS}" if ">=" in condition else _LIMIT
        selects.append(
            f"SELECT * FROM (SELECT {column} AS recall_id, {rank} AS rank FROM {table}"  # noqa: S608 - constants
            f" WHERE {condition} {most}) AS way_{len(selects)}"
        )
        lists |= {name for name in _LISTS if f":{name}" in condition}
    text = (
        "SELECT hit.recall_id, hit.rank, recalls.published_on, recalls.number"  # noqa: S608 - constants
        f" FROM ({' UNION ALL '.join(selects)}) AS hit JOIN recalls ON recalls.id = hit.recall_id"
    )
    one_by_one = (sa.bindparam(name, type_=sa.Text, expanding=True) for name in sorted(lists))
    whole = (sa.bindparam(name, type_=sa.ARRAY(sa.Text)) for name in sorted(lists))
    return {
        "sqlite": sa.text(text).bindparams(*one_by_one),
        "postgresql": sa.text(re.sub(r"IN (:\w+)", r"= ANY(\1)", text)).bindparams(*whole),
    }


_LIMIT: Final = f"LIMIT {_MOST_HITS}"
_LISTS: Final = ("codes", "others", "same", "beginnings", "digits", "parts", "near")
_EXACT: Final = _ways(
    (0, "normal IN :codes AND is_listed AND NOT is_doubtful AND kind = 'gtin'"),
    (0, "normal IN :others AND is_listed AND NOT is_doubtful AND kind <> 'gtin'"),
)
_POSSIBLE: Final = _ways(
    (0, "normal IN :same"),
    (0, "number = :number"),
    (0, "digits IN :digits"),
    (1, "digits IN :parts AND is_doubtful"),
    (1, "normal IN :near AND kind = 'gtin'"),
    (2, "normal IN :beginnings AND kind <> 'gtin'"),
    (2, "normal >= :normal_from AND normal < :normal_to"),
    (2, "digits >= :digits_from AND digits < :digits_to"),
)


@dataclass(frozen=True, slots=True)
class Match:
    """What the look-up gave: the likeliest recall first, of those the newest; none unless exact or possible."""

    certainty: Certainty
    recalls: tuple[RecallRow, ...] = ()


def look_up_recall(session: orm.Session, heard: str) -> Match:
    """Look a model, lot, serial number or bar code up in the imported lists.

    Exact is only a number that a list gives as the product's own, whole and with a right check digit, or one in a range
    that it gives. What only the text of a notice mentions, a part of a number, or a number one slip away is possible.

    Args:
        heard: what was keyed or said, with blanks or hyphens between.

    Returns:
        `Certainty.NONE` if nothing was found, which does not mean that there is no recall; `Certainty.UNCHECKED` if
        what was heard is too short to look up, or no list has been imported.
    """
    normal = plain(heard)[:_MOST_SIGNS]
    if len(normal) < _FEWEST_SIGNS:
        return Match(Certainty.UNCHECKED)
    code = read_gtin(heard)
    codes = [code.digits] if code and code.check is GtinCheck.VALID else []
    others = blocks_around(normal) if len(normal) >= _SURE_SIGNS else ()
    if exact := _recalls(session, _hits(session, _EXACT, {"codes": codes, "others": list(others)})):
        return Match(Certainty.EXACT, exact)
    if possible := _recalls(session, _hits(session, _POSSIBLE, _meant(heard, normal, code))):
        return Match(Certainty.POSSIBLE, possible)
    has_list = session.scalar(sa.select(RecallRow.id).limit(1)) is not None
    return Match(Certainty.NONE if has_list else Certainty.UNCHECKED)


def exact_recalls(session: orm.Session, numbers: Iterable[tuple[str, str]]) -> tuple[RecallRow, ...]:
    """The recalls that list one of these numbers as the product's own, newest first.

    Args:
        numbers: kind and normal form of each.
    """
    known = list(numbers)
    codes = [normal for kind, normal in known if kind == "gtin"]
    others = [block for kind, normal in known if kind != "gtin" for block in blocks_around(normal)]
    return _recalls(session, _hits(session, _EXACT, {"codes": codes, "others": others}))


def _hits(session: orm.Session, ways: Mapping[str, sa.TextClause], values: Mapping[str, object]) -> Iterable[Any]:
    return session.execute(ways[session.get_bind().dialect.name], values)


def _meant(heard: str, normal: str, code: Gtin | None) -> dict[str, object]:
    """What may have been meant, for `_POSSIBLE`."""
    by_keys = normal if normal.isdecimal() and normal.isascii() and len(normal) >= _SURE_SIGNS else ""
    short = by_keys.lstrip("0")
    # Lists often give a part of the code only, without its first or last digit.
    parts = {by_keys[i:j] for i in range(len(by_keys)) for j in range(i + _PART_OF_CODE, len(by_keys) + 1)}
    return {
        "same": [*blocks_around(normal), *([code.digits] if code else [])],
        "number": heard.strip(),
        "beginnings": [normal[:end] for end in range(_PART_SIGNS, len(normal))],
        **_span("normal", normal if len(normal) >= _PART_SIGNS else ""),
        "digits": [*blocks_around(by_keys), short] if by_keys else [],
        **_span("digits", short if len(short) >= _PART_SIGNS else ""),
        "parts": [part.lstrip("0") for part in parts],
        "near": list(near_gtins(by_keys)) if _PART_OF_CODE - 1 <= len(by_keys) <= _LONGEST_CODE else [],
    }


def _span(name: str, start: str) -> dict[str, str]:
    """What begins so, as a range, which an index answers on both databases; nothing for ""."""
    end = start[:-1] + chr(ord(start[-1]) + 1) if start else ""
    return {f"{name}_from": start, f"{name}_to": end}


def _recalls(session: orm.Session, hits: Iterable[Any]) -> tuple[RecallRow, ...]:
    """The recalls of the best rank, of those the newest; of lower rank only as many as there is room for."""
    found: dict[int, tuple[int, str, str]] = {}
    for recall_id, rank, published_on, number in hits:
        # A day is a text in SQLite, and sorts like one in both.
        place = (rank, str(published_on or ""), number)
        if recall_id not in found or rank < found[recall_id][0]:
            found[recall_id] = place
    by_number = sorted(found, key=lambda each: found[each][2])
    newest = sorted(by_number, key=lambda each: found[each][1], reverse=True)
    chosen = sorted(newest, key=lambda each: found[each][0])[:_MOST_RECALLS]
    if not chosen:
        return ()
    rows = {row.id: row for row in session.scalars(sa.select(RecallRow).where(RecallRow.id.in_(chosen)))}
    return tuple(rows[each] for each in chosen)
