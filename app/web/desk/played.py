"""What was played to a caller, read from the documents that the network was given."""

from __future__ import annotations

from app.models.vault import SealBroken
from app.telephony.twilio.script import words_in
from app.web.webhooks.gate import runtime


def played(document: str) -> tuple[str, ...]:
    """The sentences of a document."""
    return words_in(document, _read_speech)


def _read_speech(address: str) -> str:
    try:
        return runtime().vault.read_address(address).partition("|")[2]
    except SealBroken:
        return ""
