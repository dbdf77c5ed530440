"""What a caller looked up, or complained about, is remembered as owned by them, so that a recall finds them later.

Source:
    Regulation (EU) 2023/988 art. 35 (1), (2): customer data may be used to tell of a recall.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.complaint_groups import Matter
from app.domain.gtin import GtinCheck
from app.domain.recall_identifiers import plain
from app.models.case import Case
from app.models.recall import OwnedIdentifier, OwnedProduct
from app.models.records import open_record
from app.models.upsert import insert_absent
from app.models.vault import Vault

SOURCE: Final = "hotline"
"""The register of what callers told us themselves."""

_SHORTEST: Final = 3


def remember_owned(session: orm.Session, vault: Vault, case: Case, *, now: datetime) -> bool:
    """Remember the product of a case as its caller's; once for a number, False if nothing new was learnt."""
    if case.phone_index is None:
        return False
    record = open_record(vault, case)
    numbers = list(_numbers(record.matter))
    if not numbers or record.complainant.phone is None:
        return False
    key, source_id = secrets.token_urlsafe(12), f"{case.phone_index}:{numbers[0][1]}"
    values = {
        "key": key,
        "source": SOURCE,
        "source_id": source_id,
        "phone": vault.seal(record.complainant.phone, f"owned_products:phone:{key}"),
        "phone_index": case.phone_index,
        "product": record.matter.product or "",
        "added_at": now,
    }
    if not insert_absent(session, OwnedProduct, values, ("source", "source_id")):
        return False
    owned_id = session.scalar(sa.select(OwnedProduct.id).where(OwnedProduct.key == key))
    session.add_all(OwnedIdentifier(owned_id=owned_id, kind=kind, normal=normal) for kind, normal in numbers)
    return True


def forget_owned(session: orm.Session, phone_index: str | None) -> None:
    """Forget what was remembered of a number that has no call with us any more."""
    owned = sa.select(OwnedProduct.id).where(OwnedProduct.phone_index == phone_index, OwnedProduct.source == SOURCE)
    ids = session.scalars(owned).all()
    session.execute(sa.delete(OwnedIdentifier).where(OwnedIdentifier.owned_id.in_(ids)))
    session.execute(sa.delete(OwnedProduct).where(OwnedProduct.id.in_(ids)))


def _numbers(matter: Matter) -> Iterator[tuple[str, str]]:
    """Kind and normal form of each number on the product."""
    if matter.gtin and matter.gtin_check is GtinCheck.VALID:
        yield "gtin", matter.gtin
    elif len(model := plain(matter.model or "")) >= _SHORTEST:
        yield "model", model
    for kind, text in (("lot", matter.batch), ("serial", matter.serial)):
        if len(normal := plain(text or "")) >= _SHORTEST:
            yield kind, normal
