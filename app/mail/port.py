"""What the office needs of a mail server, whoever's it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.domain.errors import RueckrufError


class LetterNotTaken(RueckrufError):
    """The mail server did not take a letter; the same letter may be sent again without harm."""

    def __init__(self, cause: str, *, hopeless: bool) -> None:
        """Say why.

        Args:
            cause: without the address of anybody.
            hopeless: whether it will go on refusing until a person mends something.
        """
        super().__init__(cause)
        self.cause = cause
        self.hopeless = hopeless


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail in plain text."""

    key: str  # the same for each repetition; becomes the Message-ID, by which repetitions are told
    to: str
    from_address: str
    from_name: str
    subject: str
    body: str
    language: str
    written_at: datetime  # aware


class MailServer(Protocol):
    """Takes letters for delivery."""

    def send(self, letter: Letter) -> str:
        """Hand over one letter; gives the Message-ID under which it went.

        Raises:
            LetterNotTaken: if it was not taken, or no answer came.
        """
        ...
