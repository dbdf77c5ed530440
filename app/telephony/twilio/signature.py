"""Whether a request really comes from Twilio: the signature over our public URL and every parameter."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def signature_of(token: bytes, url: str, params: Mapping[str, Sequence[str]]) -> str:
    """The signature of a form request: HMAC-SHA1 over URL, then names and values sorted by name.

    Repeated names contribute each different value once, sorted.

    Source:
        Twilio, "Validating requests", read 2026-11-22; the official libraries do the same.
    """
    text = url + _joined(params)
    return base64.b64encode(hmac.digest(token, text.encode(), "sha1")).decode()


def _joined(params: Mapping[str, Sequence[str]]) -> str:
    parts: list[str] = []
    for name in sorted(params):
        values = params[name]
        if len(values) == 1:
            parts += (name, values[0])
        else:
            parts += (name + value for value in sorted(set(values)))
    return "".join(parts)


class Gate:
    """Checks signatures against the configured public URL, never against forwarded headers."""

    def __init__(self, public_url: str, tokens: Iterable[str]) -> None:
        """Take the URL under which Twilio reaches us and the account's tokens (two during a rotation).

        Raises:
            ValueError: if a token is empty, since anything could be signed with it.
        """
        self._tokens = [token.encode() for token in tokens]
        if not self._tokens or not all(self._tokens):
            raise ValueError("a signature cannot be checked without an auth token")
        self._bases = [base.encode() for base in _spellings(public_url.rstrip("/"))]

    def is_genuine(self, path_and_query: str, params: Mapping[str, Sequence[str]], signature: str) -> bool:
        """Whether one of our tokens signed this request.

        Args:
            path_and_query: raw, as it stood in the request line.
            params: every form parameter with all its values; empty for GET.
            signature: the header's value, "" if there was none.
        """
        if not signature:
            return False
        given = signature.encode("utf-8", "replace")
        tail = (path_and_query + _joined(params)).encode("utf-8", "replace")
        for token in self._tokens:
            for base in self._bases:
                wanted = base64.b64encode(hmac.digest(token, base + tail, "sha1"))
                if hmac.compare_digest(wanted, given):
                    return True
        return False


def _spellings(base: str) -> tuple[str, ...]:
    """The URL as configured, and as the network may have spelled its port when signing."""
    parts = urlsplit(base)
    if parts.port is None:
        other = f"{parts.scheme}://{parts.netloc}:{_DEFAULT_PORTS[parts.scheme]}{parts.path}"
    else:
        other = f"{parts.scheme}://{parts.netloc.rsplit(':', 1)[0]}{parts.path}"
    return (base, other)
