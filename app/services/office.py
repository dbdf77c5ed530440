"""What a turn's asks and effects may use: the office as seen from one call at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.ivr.manner import Manner
from app.ivr.turn import Known, Position
from app.ivr.words import Words
from app.models.vault import Vault


@dataclass(frozen=True, slots=True)
class CallAtHand:
    """The call whose turn is being answered."""

    session: orm.Session
    vault: Vault
    words: Words
    hotline: Hotline
    call_key: str
    network_id: str
    turn: int  # the number of the turn in the making
    position: Position
    now: datetime  # office time
    wall_now: datetime  # the machine's time

    @property
    def is_by_text(self) -> bool:
        """Whether it is a conversation by text messages."""
        return self.position.known.get("channel") == "text"

    @property
    def caller(self) -> str:
        """The caller's number, E.164; "" when withheld."""
        return str(self.position.known.get("caller", ""))

    @property
    def phone(self) -> str:
        """Where the customer wants to be called: the number given, else the caller's own unless they declined that."""
        known = self.position.known
        if known.get("phone"):
            return str(known["phone"])
        return self.caller if known.get("caller_callable") == "yes" and known.get("call_own") != "no" else ""

    @property
    def text_phone(self) -> str:
        """Where receipts go: the number given, else the caller's own, also when it is not to be called."""
        return str(self.position.known.get("phone") or self.caller)

    def text(self, prompt: str, slots: Known, *, language: str | None = None) -> str:
        """A prompt in words, by default in the language of the call, with times on the customer's clock."""
        known = self.position.known
        style = "texted" if self.is_by_text else Manner.of(known).style
        return self.words.text(
            language or self.position.language,
            prompt,
            slots,
            now=self.now,
            zone=told_in(known, self.hotline),
            name_zone=bool(known.get("zone")),
            style=style,
        )


def told_in(known: Known, hotline: Hotline) -> ZoneInfo:
    """The zone in which a caller is told times: that of the number to be called, if it had to be named."""
    return ZoneInfo(str(known["zone"])) if known.get("zone") else hotline.zone


Details: TypeAlias = Mapping[str, Any]
Answer: TypeAlias = Callable[[CallAtHand, Details], Known]
Carry: TypeAlias = Callable[[CallAtHand, Details], None]
