"""A register of buyers is brought in: which telephone number owns which product, so that a recall finds them.

Source:
    Regulation (EU) 2023/988 art. 35 (1), (2): customer and registration data may be used to tell of a recall.
"""

from __future__ import annotations

import hashlib
import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

import sqlalchemy as sa
from pydantic import JsonValue
from sqlalchemy import orm

from app.domain.email_address import read_email
from app.domain.errors import BadFile
from app.domain.gtin import GtinCheck, read_gtin
from app.domain.phone_number import parse_phone
from app.domain.recall_identifiers import plain
from app.domain.row_file import read_rows
from app.domain.rows import BadRow, Row
from app.models.recall import OwnedIdentifier, OwnedProduct
from app.models.upsert import insert_absent
from app.models.vault import Vault

_BATCH: Final = 200
_SHORTEST: Final = 3
_WAYS: Final = ("phone", "email", "address")
"""By which an owner can be told of a recall; one of them is needed."""
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "customer number", "registration"),
    "phone": ("phone", "telephone", "telephone number", "mobile"),
    "name": ("name", "customer"),
    "email": ("email", "e-mail", "mail"),
    "address": ("address", "postal address"),
    "product": ("product", "product name"),
    "model": ("model", "model number"),
    "gtin": ("gtin", "upc", "ean", "bar code"),
    "lot": ("lot", "batch"),
    "serial": ("serial", "serial number"),
}


@dataclass(slots=True)
class OwnersReport:
    """What became of the rows of a register; every row is counted once."""

    imported: int = 0
    unchanged: int = 0
    bad_rows: int = 0


def import_owners(
    session: orm.Session,
    vault: Vault,
    file: BinaryIO,
    *,
    name: str,
    country: str,
    now: datetime,
    after_batch: Callable[[int], None] = lambda rows: None,
    on_bad_row: Callable[[int, str], None] = lambda number, problem: None,
) -> OwnersReport:
    """Bring in every owner that can be read; a row that is here already stays as it is.

    Args:
        file: CSV, JSON lines or a JSON list in binary, with a telephone number, an e-mail or a postal address, and at
            least one number of the product.
        name: of the register; with the row's own number, or what the row says, it tells one owner from another.
        country: in which national telephone numbers are dialled, ISO 3166.
        now: office time.
        after_batch: called with the number of rows read so far when all of them are whole in the database.
        on_bad_row: called with number and problem of each row that is left out, as it is read.

    Raises:
        BadFile: if this is no register of owners; then nothing was imported.
    """
    report = OwnersReport()
    numbered = enumerate(read_rows(file, name, _check_columns), start=1)
    while batch := list(itertools.islice(numbered, _BATCH)):
        with session.begin_nested():
            for number, row in batch:
                problem = _import_row(session, vault, row, name, country, now, report)
                if problem:
                    report.bad_rows += 1
                    on_bad_row(number, f"line {row.line}: {problem}")
        after_batch(batch[-1][0])
    return report


def _check_columns(names: Iterable[str], name: str, line: int) -> None:
    found = {given.strip().casefold() for given in names}
    if not any(found & set(_HEADINGS[way]) for way in _WAYS):
        raise BadFile([f"{name}:{line}: no owners: expected a telephone number and a number of the product"])


def _import_row(
    session: orm.Session,
    vault: Vault,
    row: Row | BadRow,
    source: str,
    country: str,
    now: datetime,
    report: OwnersReport,
) -> str | None:
    """Import one row; what is wrong with it, None if nothing."""
    if isinstance(row, BadRow):
        return row.problem
    cells = {column.strip().casefold(): _text(value) for column, value in row.cells.items()}
    cell = {
        meaning: next((cells[each] for each in names if cells.get(each)), "") for meaning, names in _HEADINGS.items()
    }
    number = parse_phone(cell["phone"], country)
    email = read_email(cell["email"]) or ""
    if number is None and (cell["phone"] or not (email or cell["address"])):
        return "no telephone number"
    details = {"name": cell["name"], "email": email, "address": cell["address"]}
    details = {what: text for what, text in details.items() if text}
    phone = number.e164 if number else ""
    identifiers = list(_identifiers(cell))
    if not identifiers:
        return "no model, bar code, lot or serial number"
    key = secrets.token_urlsafe(12)
    fingerprint = hashlib.sha256(repr([phone or sorted(details.items()), sorted(identifiers)]).encode()).hexdigest()[
        :32
    ]
    values = {
        "key": key,
        "source": source,
        "source_id": cell["id"] or vault.index(fingerprint),
        "phone": vault.seal(phone, f"owned_products:phone:{key}"),
        "phone_index": vault.index(phone) if phone else "",
        "details": vault.seal(details, f"owned_products:details:{key}") if details else None,
        "product": cell["product"],
        "added_at": now,
    }
    if not insert_absent(session, OwnedProduct, values, ("source", "source_id")):
        report.unchanged += 1
        return None
    owned_id = session.scalars(sa.select(OwnedProduct.id).where(OwnedProduct.key == key)).one()
    session.add_all(OwnedIdentifier(owned_id=owned_id, kind=kind, normal=normal) for kind, normal in identifiers)
    report.imported += 1
    return None


def _identifiers(cell: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    code = read_gtin(cell["gtin"])
    if code is not None and code.check is GtinCheck.VALID:
        yield "gtin", code.digits
    for kind in ("model", "lot", "serial"):
        normal = plain(cell[kind])
        if len(normal) >= _SHORTEST:
            yield kind, normal


def _text(value: JsonValue) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else str(value).strip()
