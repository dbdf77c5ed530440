"""Sealed content that was erased: its place keeps the digest of what was there, and nothing of what it said."""

from __future__ import annotations

import hashlib
from typing import Final

_ERASED: Final = b"\0"
"""How erased content begins. Sealed content begins with the length of a key's id, which is never 0."""

_DIGEST_BYTES: Final = 32


def erased(sealed: bytes) -> bytes:
    """What takes the place of sealed content; of erased content, itself."""
    return bytes(sealed) if is_erased(sealed) else _ERASED + hashlib.sha256(sealed).digest()


def is_erased(sealed: bytes) -> bool:
    """Whether the content is gone."""
    return len(sealed) == 1 + _DIGEST_BYTES and bytes(sealed[:1]) == _ERASED


def content_digest(sealed: bytes) -> bytes:
    """The digest of sealed content, the same before and after it was erased.

    Sealed content holds twelve random bytes, so the digest tells nothing about what was erased, whoever has the keys.
    """
    return bytes(sealed[1:]) if is_erased(sealed) else hashlib.sha256(sealed).digest()
