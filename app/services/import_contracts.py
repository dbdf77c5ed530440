"""The company's contracts and orders are brought in, so that a caller need not key them in to cancel one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.email_address import read_email
from app.domain.errors import BadFile
from app.domain.hotline import Hotline
from app.domain.phone_number import parse_phone
from app.domain.row_file import read_rows
from app.domain.rows import BadRow
from app.models.contract import Contract, digits_index, number_index, plain_number
from app.models.vault import Vault

DAYS: Final = ("concluded_on", "delivered_on", "paid_until")
COLUMNS: Final = ("number", "phone", "email", "subject", "goods", *DAYS, "amount_cents", "currency")


@dataclass(slots=True)
class Report:
    """What became of the rows."""

    imported: int = 0
    replaced: int = 0  # the number was here already
    left_out: list[tuple[int, str]] = field(default_factory=list)  # line, problem


def import_contracts(
    session: orm.Session, vault: Vault, file: BinaryIO, *, name: str, hotline: Hotline, now: datetime
) -> Report:
    """Bring in every contract that can be read; one whose number is here already is replaced.

    Args:
        file: CSV, JSON lines or a JSON list with the columns `COLUMNS`, of which only `number` must be filled.
        name: what to call the file in messages.

    Raises:
        BadFile: if this is no list of contracts; then nothing was imported.
    """
    report = Report()
    for row in read_rows(file, name, _check_columns):
        if isinstance(row, BadRow):
            report.left_out.append((row.line, row.problem))
            continue
        try:
            terms = read_terms(row.cells, hotline.country)
        except ValueError as problem:
            report.left_out.append((row.line, str(problem)))
            continue
        if _keep(session, vault, hotline.name, terms, now):
            report.imported += 1
        else:
            report.replaced += 1
    return report


def read_terms(cells: Mapping[str, Any], country: str) -> dict[str, Any]:
    """The terms of one row; what is empty is left out.

    Raises:
        ValueError: with the column and what is wrong with it.
    """
    terms = {name: str(cells[name]).strip() for name in COLUMNS if cells.get(name) not in (None, "")}
    if not plain_number(terms.get("number", "")):
        raise ValueError("number: is missing")
    if "phone" in terms:
        phone = parse_phone(terms["phone"], country)
        if phone is None:
            raise ValueError("phone: is no telephone number")
        terms["phone"] = phone.e164
    if "email" in terms and read_email(terms["email"]) is None:
        raise ValueError("email: is no e-mail address")
    if terms.get("goods", "no") not in ("yes", "no"):
        raise ValueError("goods: is neither yes nor no")
    for name in DAYS:
        if name in terms:
            try:
                terms[name] = date.fromisoformat(terms[name]).isoformat()
            except ValueError:
                raise ValueError(f"{name}: is no day such as 2026-03-02") from None
    if "amount_cents" in terms and not terms["amount_cents"].isdecimal():
        raise ValueError("amount_cents: is no whole number of cents")
    return {**terms, "amount_cents": int(terms["amount_cents"])} if "amount_cents" in terms else dict(terms)


def _check_columns(columns: Iterable[str], name: str, line: int) -> None:
    given = list(columns)
    unknown = [column for column in given if column not in COLUMNS]
    if "number" not in given or unknown:
        what = f"unknown columns {', '.join(unknown)}" if unknown else "no column 'number'"
        raise BadFile([f"{name}:{line}: {what}; a list of contracts has {', '.join(COLUMNS)}"])


def _keep(session: orm.Session, vault: Vault, hotline: str, terms: dict[str, Any], now: datetime) -> bool:
    index = number_index(vault, hotline, terms["number"])
    found = session.scalar(sa.select(Contract).where(Contract.hotline == hotline, Contract.number_index == index))
    contract = found or Contract(key=secrets.token_urlsafe(12), hotline=hotline, number_index=index)
    contract.digits_index = digits_index(vault, hotline, terms["number"])
    contract.phone_index = vault.index(terms["phone"]) if "phone" in terms else None
    contract.terms = vault.seal(terms, f"contracts:{contract.key}")
    contract.imported_at = now
    session.add(contract)
    session.flush()
    return found is None
