"""The call log: one narrow row per call with all that supervisors filter, count and compare calls by.

What it says stands in the calls, cases, promises and attempts already; a log over those tables would cost the more the
more calls there are. The database itself writes down which call changed (triggers, in the same transaction), and the
clock reckons that call's row anew: see `app.services.enter_calls`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from enum import StrEnum
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.complaint import ComplaintRecord, fact_of
from app.models.base import Base
from app.models.vault import Vault


class CallOutcome(StrEnum):
    """What came of a call; the first that fits, from the top."""

    IN_PROGRESS = "in_progress"
    TALKED = "talked"  # an agent spoke with the caller
    PROMISED = "promised"  # a callback was promised in it
    GAVE_UP = "gave_up"  # the caller hung up while waiting for a human
    OPENED = "opened"  # a case was opened, and nothing promised
    TOLD = "told"  # the hotline said what was wanted and ended the call
    HUNG_UP = "hung_up"  # the caller hung up in a menu, and nothing came of it


class Rings(StrEnum):
    """How many times a customer was rung until somebody answered the promised call."""

    ONE = "one"
    TWO = "two"
    THREE = "three"
    MORE = "more"
    NEVER = "never"  # nobody ever did: unreachable, or broken


SOON_SECONDS: Final = 20
"""Within so many seconds a waiting caller is answered in time, see "service level" in docs/glossary.md."""


class LoggedCall(Base):
    """One call of the log, reckoned from the tables that hold the truth."""

    __tablename__ = "logged_calls"
    __table_args__ = (
        sa.Index("ix_logged_calls_order", "started_at", "network_id"),
        sa.Index("ix_logged_calls_caller", "caller_index", "started_at"),
        sa.Index("ix_logged_calls_agent", "staff_id", "started_at"),
        sa.Index("ix_logged_calls_node", "node", "started_at"),
        sa.Index("ix_logged_calls_outcome", "outcome", "started_at"),
        sa.Index("ix_logged_calls_promise", "promise", "promise_due_at"),
    )

    call_key: Mapped[str] = mapped_column(sa.ForeignKey("calls.key"), primary_key=True)
    network_id: Mapped[str] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    channel: Mapped[str]  # phone, text
    hotline: Mapped[str]
    language: Mapped[str]  # spoken last
    caller_index: Mapped[str | None]  # None: withheld, or erased
    seconds: Mapped[int | None]  # None until the network told
    outcome: Mapped[str]  # a CallOutcome
    node: Mapped[str]  # where the caller was last; "" if no turn is kept
    hung_up: Mapped[bool]  # the caller ended it, before the hotline or an agent had
    kind: Mapped[str | None]  # of the newest case opened in it; None if none was
    promise: Mapped[str | None]  # status of its promise, the open one before others; None if there is none
    promise_due_at: Mapped[datetime | None]  # deadline of that promise
    promise_minutes: Mapped[int | None]  # from its deadline to its end, below 0 before it; None: open, or another end
    promise_rings: Mapped[str | None]  # a Rings; None: it is not over, nobody was rung, or it ended otherwise
    promise_cause: Mapped[str | None]  # why that promise was broken or moved; None if it was not
    staff_id: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # who spoke last, here or for its promise
    is_recorded: Mapped[bool]  # a recording of it can be heard
    waited_seconds: Mapped[int | None]  # in the queue, until answered or gone; None: never waited, or waits still
    satisfaction: Mapped[int | None]  # 1 to 5, of the newest answer about a case opened in it; None: no answer
    is_repeat: Mapped[bool]  # the same number had called in the seven days before


class LogChange(Base):
    """A call or case of which something changed that the log tells; written by the database, removed once reckoned."""

    __tablename__ = "log_changes"

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    call_key: Mapped[str | None]  # None: a case that came by no call
    case_id: Mapped[int | None]  # None: nothing of a case's record changed


class MatterWord(Base):
    """A word by which a case can be searched: a keyed fingerprint of it, since what customers say is sealed."""

    __tablename__ = "matter_words"
    __table_args__ = (sa.Index("ix_matter_words_call", "word_index", "call_key"),)

    word_index: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(sa.ForeignKey("cases.id"), primary_key=True, index=True)
    call_key: Mapped[str | None]  # None if the case did not come by a call
    received_at: Mapped[datetime]


SEARCHED: Final = ("matter.product", "matter.sub_product", "matter.brand", "matter.model", "matter.issue")
"""Facts of a record whose words can be searched: what it is about, never who complains or what they told."""

_WORD: Final = re.compile(r"[^\W_]{2,40}")
_MOST_WORDS: Final = 40


def words_in(text: str) -> list[str]:
    """The words of a text as they are searched: in lower case, without accents, each once."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return list(dict.fromkeys(_WORD.findall(letters)))[:_MOST_WORDS]


def word_index(vault: Vault, word: str) -> str:
    """The fingerprint under which a word of `words_in` is kept."""
    return vault.index(f"word:{word}")


def searched_words(vault: Vault, record: ComplaintRecord) -> list[str]:
    """The fingerprints of all words by which a record can be found."""
    said = " ".join(str(fact_of(record, name) or "") for name in SEARCHED)
    return [word_index(vault, word) for word in words_in(said)]
