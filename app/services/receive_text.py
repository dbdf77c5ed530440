"""A text message comes in, and is answered once, however often the network brings it.

It may be a word about texts themselves, the answer to an offer of another time, the next turn of a conversation, the
first of one, or simply something that is told: that joins a matter or becomes a complaint (B1, T4, S7).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, parse_phone
from app.ivr.flow import phrase_of
from app.ivr.turn import Heard, How, Position
from app.models.call import Call, Caller, ReceivedText, TurnRow
from app.models.engines import Database
from app.models.one_at_a_time import one_at_a_time
from app.models.upsert import insert_absent
from app.services.converse import (
    IDLE,
    begin,
    chosen_by,
    end,
    end_if_over,
    first_turn,
    go_on,
    opening_position,
    under_way,
)
from app.services.feedback_by_reply import take_feedback
from app.services.outreach_by_reply import outreach_reply, refuse_outreach, take_outreach_reply
from app.services.receipt_by_reply import send_receipt_to
from app.services.repromise import agree_by_text
from app.services.satisfaction_by_reply import take_satisfaction
from app.services.take_turn import Switchboard
from app.services.text_matter import has_open_matter, names_a_matter, take_as_matter
from app.services.wish_by_text import wish_by_text
from app.telephony.twilio.response import EMPTY, reply_text

STOP: Final = frozenset({"stop", "stopall", "unsubscribe", "end", "quit", "revoke", "optout"})
START: Final = frozenset({"start", "unstop"})
"""Words that the network heeds by itself, and answers. "Cancel" is among them there; here it is a cancellation."""

FORGET_AFTER: Final = timedelta(days=30)
"""The network brings a message again within minutes."""

_A_WISH: Final = 3  # words; so short a message chooses something even if its sender has an open matter
_AN_ACCOUNT: Final = 3  # words; a message that chooses nothing and is this long tells something
_A_COMPLAINT: Final = 4  # words; this long it is a complaint in itself, not only the wish to make one
_A_CHOICE: Final = 8  # words; whatever is longer tells something, and chooses nothing


@dataclass(frozen=True, slots=True)
class Message:
    """One text message as it came."""

    network_id: str
    from_number: str
    to_number: str
    body: str
    opted: str = ""  # stop, start or help: what the network took the message for, if it told, and has answered

    @property
    def word(self) -> str:
        """The whole message as one phrase, without case and accents."""
        return " ".join(phrase_of(self.body))


def receive_text(board: Switchboard, hotline: Hotline, message: Message, *, now: datetime, wall_now: datetime) -> str:
    """The document that answers a message; the same message again gets the same one and changes nothing."""
    with board.database.sessions.begin() as session:
        one_at_a_time(session, f"text:{message.from_number}")  # two texts at once are about one matter
        known = session.get(ReceivedText, message.network_id)
        if known is not None:
            return str(board.vault.open(known.answer, _place(message))) if known.answer else EMPTY
        number = parse_phone(message.from_number, hotline.country)
        before = under_way(session, board.vault.index(number.e164) if number else None, hotline.name)
        talk = before if before is not None and before.seen_at > wall_now - IDLE else None
        key, document = _Answering(board, session, hotline, message, number, now, wall_now).answer(talk)
        session.add(
            ReceivedText(
                message_id=message.network_id,
                phone_index=board.vault.index(number.e164) if number else None,
                call_key=key,
                at=now,
                answer=board.vault.seal(document, _place(message)),
            )
        )
        is_left = before is not None and before.key != key
        left = before.key if before is not None and is_left else None
    # If we die before these, the clock ends the conversations.
    if left is not None:
        end(board, left, now=now, wall_now=wall_now)
    if key is not None:
        end_if_over(board, key, now=now, wall_now=wall_now)
    return document


def forget_received_texts(database: Database, *, now: datetime) -> int:
    """Remove what is only kept so that a message is answered once; gives how much."""
    old = ReceivedText.at < now - FORGET_AFTER
    with database.reads() as session:
        if session.scalar(sa.select(ReceivedText.message_id).where(old).limit(1)) is None:
            return 0
    with database.sessions.begin() as session:
        return len(session.execute(sa.delete(ReceivedText).where(old).returning(ReceivedText.message_id)).all())


def _place(message: Message) -> str:
    return f"received_texts:answer:{message.network_id}"


@dataclass(frozen=True, slots=True)
class _Answering:
    """One message on its way to its answer."""

    board: Switchboard
    session: orm.Session
    hotline: Hotline
    message: Message
    number: PhoneNumber | None
    now: datetime
    wall_now: datetime

    def answer(self, talk: Call | None) -> tuple[str | None, str]:
        """The conversation that goes on, None if none does, and the document.

        Args:
            talk: the conversation that is under way.
        """
        board, message = self.board, self.message
        place = board.turns.newest(talk.key) if talk is not None else None
        position = place.position if place is not None else self._opening()
        choice = board.present.words.choice(position.language, message.body)
        key = talk.key if talk is not None else None
        wanted = self._texts_wanted(choice)
        if wanted is not None:
            self._note_texts_wanted(wanted, position.language)
            if not wanted:
                refuse_outreach(board, self.session, self.hotline, self.number, self.now)
            by_us = choice == "no_texts" and message.word not in STOP
            return None, reply_text(self._say("text.stopped", position.language)) if by_us else EMPTY
        if message.opted == "help":  # the network has answered
            return key, EMPTY
        if choice == "help":
            return key, reply_text(self._say("text.help", position.language))
        asked_at = self._asked_at(key)
        reply = outreach_reply(board, self.session, self.hotline, self.number, message.body, self.now)
        if reply is not None and asked_at is not None and reply.asked_at <= asked_at:
            reply = None  # the conversation has asked since
        newest = reply.asked_at if reply is not None else asked_at
        written = (board, self.session, self.number, message.body, self.now)
        said = take_satisfaction(*written, asked_at=newest) or take_feedback(*written, asked_at=newest)
        if said is not None:
            return key, reply_text(said)
        about = (board, self.session, self.number, message.body, message.network_id, self.now)
        agreed = agree_by_text(*about, asked_at=newest) or wish_by_text(*about, asked_at=newest)
        if agreed is not None:
            return key, reply_text(agreed)
        if reply is not None and self.number is not None:
            return take_outreach_reply(
                board, self.session, self.hotline, self.number, reply, message_id=message.network_id,
                to_number=message.to_number, now=self.now, wall_now=self.wall_now,
            )  # fmt: skip
        ordered = send_receipt_to(board, self.session, self.number, message.body, message.network_id, self.now)
        if ordered is not None:
            return key, reply_text(ordered)
        if self.number is None or (talk is None and choice != "subjects" and self._tells_something(position)):
            return None, reply_text(self._take_as_matter())
        if talk is not None and choice != "subjects":
            return key, go_on(
                board, self.session, self.hotline, talk, message.body, now=self.now, wall_now=self.wall_now
            )
        position = self._opening() if talk is not None else position
        begun = begin(
            board, self.session, self.hotline, self.number, position,
            message_id=message.network_id, to_number=message.to_number, now=self.now, wall_now=self.wall_now,
        )  # fmt: skip
        heard = Heard(How.START, speech="" if choice == "subjects" else message.body)
        document = first_turn(
            board, self.session, self.hotline, begun, position, heard, now=self.now, wall_now=self.wall_now
        )
        return begun.key, document

    def _take_as_matter(self) -> str:
        return take_as_matter(
            self.board,
            self.session,
            self.hotline,
            self.number,
            message_id=self.message.network_id,
            body=self.message.body,
            now=self.now,
        )

    def _opening(self) -> Position:
        return opening_position(self.board, self.session, self.hotline, self.number, self.now)

    def _texts_wanted(self, choice: str | None) -> bool | None:
        """Whether the sender now wants texts; None if the message is about something else.

        Who is told by the network to be silent after "cancel" has cancelled something here, and that goes on.
        """
        message = self.message
        if message.word in STOP or choice == "no_texts" or (message.opted == "stop" and choice != "cancellation"):
            return False
        return True if message.word in START or message.opted == "start" else None

    def _note_texts_wanted(self, wanted: bool, language: str) -> None:
        if self.number is None:
            return
        index = self.board.vault.index(self.number.e164)
        values = {"number_index": index, "language": language, "seen_at": self.now, "no_texts": not wanted}
        if not insert_absent(self.session, Caller, values, ("number_index",)):
            self.session.execute(sa.update(Caller).where(Caller.number_index == index).values(no_texts=not wanted))

    def _asked_at(self, key: str | None) -> datetime | None:
        """When the conversation last asked something."""
        if key is None:
            return None
        return self.session.scalar(sa.select(sa.func.max(TurnRow.at)).where(TurnRow.call_key == key))

    def _tells_something(self, position: Position) -> bool:
        """Whether a first message is an account of something, and not the choice of a subject."""
        words = len(phrase_of(self.message.body))
        chosen, kind = chosen_by(self.board.present.flows, position, self.message.body)
        if words > _A_CHOICE or names_a_matter(self.session, self.message.body):
            return True
        if kind == "cancellation":
            return False
        if has_open_matter(self.session, self.board, self.number, self.now):
            return not chosen or words > _A_WISH
        return words >= _A_COMPLAINT if kind == "complaint" else not chosen and words >= _AN_ACCOUNT

    def _say(self, prompt: str, language: str) -> str:
        company = self.hotline.company
        slots = {"company": company.name, "email": company.email, "phone": company.phone or self.hotline.numbers[0]}
        return self.board.present.words.text(language, prompt, slots, now=self.now, zone=self.hotline.zone)
