"""Personal data at rest: sealed with AES-256-GCM, bound to its place, found by a keyed index."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV

_NONCE_BYTES = 12
_to_json = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


class SealBroken(Exception):
    """Sealed data does not open: another place, an unknown key, or it was altered."""


class Vault:
    """Seals and opens values; the first key writes, every key reads.

    A sealed value is bound to its place (table, column and the row's key), so that a value copied to another row
    does not open there. Format: one byte length of the key id, key id, 12 bytes nonce, ciphertext with tag.
    """

    def __init__(self, keys: tuple[tuple[str, bytes], ...]) -> None:
        """Take `(id, 32 bytes)` pairs, the writing key first; the ids are stored beside each value."""
        self._write_id = keys[0][0].encode()
        self._ciphers: Mapping[bytes, AESGCM] = {key_id.encode(): AESGCM(key) for key_id, key in keys}
        self._prefix = bytes([len(self._write_id)]) + self._write_id
        self._write = self._ciphers[self._write_id]
        # The index and the address keys must outlive a rotation, so they come from the oldest key.
        oldest = keys[-1][1]
        self._index_key = hmac.digest(oldest, b"blind index", hashlib.sha256)
        self._address = AESSIV(hmac.digest(oldest, b"address", hashlib.sha512))
        self._mark_key = hmac.digest(oldest, b"mark", hashlib.sha256)

    def seal(self, value: object, place: str) -> bytes:
        """Seal a JSON value for `place`, such as ``cases:record:<key>``."""
        plain = _to_json(value).encode()
        nonce = os.urandom(_NONCE_BYTES)
        return self._prefix + nonce + self._write.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> Any:
        """The JSON value that was sealed for `place`.

        Raises:
            SealBroken: if the place or key is another one, or a byte was changed.
        """
        split = 1 + sealed[0]
        cipher = self._ciphers.get(bytes(sealed[1:split]))
        if cipher is None:
            raise SealBroken(f"no key with the id that sealed {place.split(':')[0]}")
        nonce, body = sealed[split : split + _NONCE_BYTES], sealed[split + _NONCE_BYTES :]
        try:
            return json.loads(cipher.decrypt(bytes(nonce), bytes(body), place.encode()).decode())
        except InvalidTag as error:
            raise SealBroken(f"{place.split(':')[0]} was altered or belongs to another row") from error

    def index(self, value: str) -> str:
        """A keyed fingerprint by which a sealed value (a telephone number) can be found again."""
        return hmac.new(self._index_key, value.encode(), hashlib.sha256).hexdigest()[:32]

    def mark(self, *parts: object) -> bytes:
        """32 bytes over these values that nobody makes without the keys; the same values give the same mark."""
        return hmac.digest(self._mark_key, _to_json([str(part) for part in parts]).encode(), hashlib.sha256)

    def address(self, text: str) -> str:
        """`text` as an opaque part of a URL; the same text gives the same address, so that answers can be cached."""
        return base64.urlsafe_b64encode(self._address.encrypt(text.encode(), None)).decode().rstrip("=")

    def read_address(self, address: str) -> str:
        """The text of an `address`.

        Raises:
            SealBroken: if it is none of ours.
        """
        try:
            raw = base64.urlsafe_b64decode(address + "=" * (-len(address) % 4))
            return self._address.decrypt(raw, None).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken("this address is none of ours") from error
