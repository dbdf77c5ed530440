"""The words that were understood while a caller told their story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Transcript
from app.models.erased import is_erased
from app.models.found import find_all
from app.models.vault import Vault

_OF_CALL: Final = sa.select(Transcript).where(Transcript.call_key == sa.bindparam("call_key")).order_by(Transcript.id)


def with_transcript(session: orm.Session, vault: Vault, call_key: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a call's flow knows, with the story in words added if the flow has none of its own."""
    if known.get("story_text"):
        return known
    rows = find_all(session, _OF_CALL, call_key=call_key)
    ordered = sorted(rows, key=lambda row: (int(row.sequence) if row.sequence.isdigit() else 0, row.id))
    words = [
        str(vault.open(row.text, f"transcripts:{row.call_key}:{row.sequence}"))
        for row in ordered
        if not is_erased(row.text)
    ]
    return {**known, "story_text": " ".join(words)} if words else known
