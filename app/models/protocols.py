"""Protocol numbers that no case has yet."""

from __future__ import annotations

import secrets
from datetime import datetime
from random import Random
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.protocol import RANDOM_DIGITS, new_protocol
from app.models.case import Case
from app.models.ready import ask_one

_TRIES = 20  # ten million numbers a year; twenty misses in a row mean something else is wrong


_WITH_PROTOCOL: Final = sa.select(Case.id).where(Case.protocol == sa.bindparam("protocol"))

DICE = "dice"
"""The name in a session's `info` under which a simulation puts the `Random` that numbers are drawn with."""


def free_protocol(session: orm.Session, now: datetime) -> str:
    """A number for a new case; the unique column decides should two processes draw the same."""
    dice: Random = session.info.get(DICE) or secrets.SystemRandom()
    for _ in range(_TRIES):
        digits = "".join(dice.choice("0123456789") for _ in range(RANDOM_DIGITS))
        protocol = new_protocol(now, digits)
        if ask_one(session, _WITH_PROTOCOL, protocol=protocol) is None:
            return protocol
    raise RuntimeError("no free protocol number was found")
