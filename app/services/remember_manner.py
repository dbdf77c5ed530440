"""What is remembered about a telephone number: its language, and how its owner wants to be spoken to (S5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.ivr.manner import USUAL, Manner
from app.models.call import Call, Caller
from app.models.ready import ask
from app.models.upsert import insert_absent
from app.models.vault import Vault
from app.services.office import CallAtHand, Details

_OF_NUMBER: Final = sa.select(Caller.language, Caller.manner).where(Caller.number_index == sa.bindparam("index"))


@dataclass(frozen=True, slots=True)
class Remembered:
    """What an earlier call left behind."""

    language: str | None = None  # None: the number is new, or withheld
    manner: Manner = USUAL


def remembered(session: orm.Session, vault: Vault, index: str | None) -> Remembered:
    """What is remembered about a number.

    Args:
        index: by which the number is found; None when it is withheld.
    """
    if index is None:
        return Remembered()
    for language, manner in ask(session, _OF_NUMBER, index=index):
        return Remembered(language, Manner.of(vault.open(manner, _place(index))) if manner else USUAL)
    return Remembered()


def remember_manner(call: CallAtHand, details: Details) -> None:
    """Keep how the caller wants to be spoken to, sealed, since it may tell of their health; usual is not kept."""
    index = call.session.scalar(sa.select(Call.caller_index).where(Call.key == call.call_key))
    if index is None:
        return
    manner = Manner.of(details)
    sealed = call.vault.seal(dict(manner.known), _place(index)) if manner != USUAL else None
    values = {"number_index": index, "language": call.position.language, "seen_at": call.now, "manner": sealed}
    if not insert_absent(call.session, Caller, values, ("number_index",)):
        call.session.execute(sa.update(Caller).where(Caller.number_index == index).values(manner=sealed))


def _place(index: str) -> str:
    return f"callers:manner:{index}"
