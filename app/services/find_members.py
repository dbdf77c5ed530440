"""Whom a recall concerns, as far as the office can know: owners, buyers and earlier callers, each number once.

Source:
    Regulation (EU) 2023/988 art. 35 (1), (2): customer and registration data may be used to tell of a recall.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.campaign import Origin
from app.domain.gtin import read_gtin
from app.domain.phone_number import parse_phone
from app.domain.recall_identifiers import plain
from app.domain.recall_ranges import ANY_DIGIT, blocks_around
from app.models.call import Call
from app.models.case import Case
from app.models.contract import Contract, terms_of
from app.models.erased import is_erased
from app.models.recall import OwnedIdentifier, OwnedProduct, RecallAnswer, RecallIdentifier
from app.models.records import open_record, phone_of
from app.models.vault import Vault

_WORD: Final = re.compile(r"[\w./-]+")
_SURE_SIGNS: Final = 4  # a word of fewer signs stands on too many products
_AT_ONCE: Final = 500


@dataclass(slots=True)
class Found:
    """One person whom the recall concerns."""

    origin: Origin
    phone: str  # E.164; "" if none is known
    details: dict[str, str] = field(default_factory=dict)  # name, email, address as far as known
    units: int = 1  # affected products they are known to have


def find_members(
    session: orm.Session, vault: Vault, recall_id: int, audience: Iterable[Origin], *, hotline: str, country: str
) -> list[Found]:
    """Everybody, each number once and in the order of finding; who has no number is known by their e-mail address.

    What is known of one number from several places is put together.

    Args:
        hotline: whose contracts and callers are looked at; owners are those of all registers.
        country: in which numbers of contracts are dialled, ISO 3166.
    """
    listed = _listed(session, recall_id)
    ways = {
        Origin.OWNER: lambda: _owners(session, vault, listed),
        Origin.BUYER: lambda: _buyers(session, vault, listed, hotline, country),
        Origin.CALLER: lambda: _callers(session, vault, recall_id, listed, hotline),
    }
    found: dict[str, Found] = {}
    for origin in (each for each in Origin if each in set(audience)):
        for number, one in enumerate(ways[origin]()):
            key = one.phone or one.details.get("email") or f"{origin}:{number}"
            known = found.setdefault(key, one)
            if known is not one:
                known.details = {**one.details, **known.details}
                # The same product may stand in several places; only within one register are they several.
                known.units += one.units if known.origin is one.origin and origin is Origin.OWNER else 0
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Listed:
    """The numbers that a recall lists as its products' own."""

    codes: frozenset[str]
    others: frozenset[str]  # blocks of ranges among them

    def holds(self, word: str) -> bool:
        """Whether a word is one of them."""
        code, normal = read_gtin(word), plain(word)
        if code is not None and code.digits in self.codes:
            return True
        return len(normal) >= _SURE_SIGNS and not self.others.isdisjoint(blocks_around(normal))


def _listed(session: orm.Session, recall_id: int) -> _Listed:
    rows = session.execute(
        sa.select(RecallIdentifier.kind, RecallIdentifier.normal).where(
            RecallIdentifier.recall_id == recall_id, RecallIdentifier.is_listed, ~RecallIdentifier.is_doubtful
        )
    ).all()
    return _Listed(
        frozenset(normal for kind, normal in rows if kind == "gtin"),
        frozenset(normal for kind, normal in rows if kind != "gtin"),
    )


def _owners(session: orm.Session, vault: Vault, listed: _Listed) -> Iterator[Found]:
    owned: dict[int, None] = {}
    for ids in _owned(session, listed):
        owned |= dict.fromkeys(ids)
    ids = sorted(owned)
    for begin in range(0, len(ids), _AT_ONCE):
        rows = session.scalars(sa.select(OwnedProduct).where(OwnedProduct.id.in_(ids[begin : begin + _AT_ONCE])))
        for row in sorted(rows, key=lambda each: each.id):
            phone = str(vault.open(row.phone, f"owned_products:phone:{row.key}"))
            details = vault.open(row.details, f"owned_products:details:{row.key}") if row.details else {}
            yield Found(Origin.OWNER, phone, details)


def _owned(session: orm.Session, listed: _Listed) -> Iterator[list[int]]:
    """Ids of owned products, by each way to find them: equal numbers, and those in a block of a range."""
    is_code = OwnedIdentifier.kind == "gtin"
    whole = [number for number in listed.others if ANY_DIGIT not in number]
    for numbers, kind in ((sorted(listed.codes), is_code), (sorted(whole), ~is_code)):
        for begin in range(0, len(numbers), _AT_ONCE):
            batch = numbers[begin : begin + _AT_ONCE]
            query = sa.select(OwnedIdentifier.owned_id).where(OwnedIdentifier.normal.in_(batch), kind)
            yield list(session.scalars(query))
    for block in sorted(listed.others - set(whole)):
        start = block.rstrip(ANY_DIGIT)
        inside = _begins(start) if start else sa.true()
        near = sa.select(OwnedIdentifier.owned_id, OwnedIdentifier.normal).where(inside, ~is_code)
        yield [owned_id for owned_id, normal in session.execute(near) if block in blocks_around(normal)]


def _begins(start: str) -> sa.ColumnElement[bool]:
    """What begins so, as a range of the index, which compares sign by sign."""
    end = start[:-1] + chr(ord(start[-1]) + 1)
    return sa.and_(OwnedIdentifier.normal >= start, OwnedIdentifier.normal < end)


def _buyers(session: orm.Session, vault: Vault, listed: _Listed, hotline: str, country: str) -> Iterator[Found]:
    """Contracts and orders whose subject names a number of the product."""
    query = sa.select(Contract).where(Contract.hotline == hotline).order_by(Contract.id)
    for contract in session.scalars(query.execution_options(yield_per=_AT_ONCE)):
        terms = terms_of(vault, contract)
        if not any(listed.holds(word) for word in _WORD.findall(str(terms.get("subject") or ""))):
            continue
        number = parse_phone(str(terms.get("phone") or ""), country)
        email = str(terms.get("email") or "")
        yield Found(Origin.BUYER, number.e164 if number else "", {"email": email} if email else {})


def _callers(session: orm.Session, vault: Vault, recall_id: int, listed: _Listed, hotline: str) -> Iterator[Found]:
    """Who was told of the recall when they called us, and who complained about a product with a listed number."""
    told = (
        sa.select(Call)
        .join(RecallAnswer, RecallAnswer.call_key == Call.key)
        .where(RecallAnswer.recall_id == recall_id, Call.rung_by.is_(None), Call.hotline == hotline)
        .order_by(RecallAnswer.id)
    )
    for call in session.scalars(told):
        phone = str(vault.open(call.caller, f"calls:caller:{call.key}"))
        if phone:
            yield Found(Origin.CALLER, phone)
    about = sa.select(Case).where(
        Case.hotline == hotline, Case.kind.in_(("complaint", "recall")), Case.phone.is_not(None)
    )
    for case in session.scalars(about.order_by(Case.id).execution_options(yield_per=_AT_ONCE)):
        if is_erased(case.record):
            continue
        matter = open_record(vault, case).matter
        named = f"{matter.product or ''} {matter.model or ''}"
        phone = phone_of(vault, case)
        if phone and any(listed.holds(word) for word in _WORD.findall(named)):
            yield Found(Origin.CALLER, phone)
