"""A REST request as the resources read it, and what they answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from app.simulator.rest.problem import Problem

E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; `fields` are those of the form for POST, of the query otherwise."""

    method: str
    path: str
    fields: dict[str, list[str]]
    origin: str = ""  # scheme and host under which the network was reached

    def one(self, name: str, default: str = "") -> str:
        """The first value of a field."""
        return self.fields.get(name, [default])[0]

    def all(self, name: str) -> list[str]:
        """All values of a repeated field."""
        return self.fields.get(name, [])

    def number(self, name: str, default: int, most: int, code: int = 20001) -> int:
        """A whole number between 0 and `most`.

        Raises:
            Problem: with `code` if it is none.
        """
        value = self.one(name, str(default))
        if not value.isdigit() or int(value) > most:
            raise Problem(code, f"{name} {value!r} is not between 0 and {most}")
        return int(value)

    def url(self, name: str) -> str:
        """An absolute URL, or "".

        Raises:
            Problem: 21205 if it is none.
        """
        value = self.one(name)
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname or "_" in parts.hostname):
            raise Problem(21205, f"{name} is not a valid URL: {value}")
        return value

    def method_of(self, name: str) -> str:
        """GET or POST, POST by default."""
        value = self.one(name, "POST").upper()
        if value not in ("GET", "POST"):
            raise Problem(21207 if name == "FallbackMethod" else 21206, f"{name} must be GET or POST")
        return value


@dataclass(frozen=True, slots=True)
class Given:
    """An answer: JSON values, or bytes of a sound."""

    status: int
    body: Any = None  # None: empty
    content_type: str = "application/json"


def page(asked: Asked, key: str, rows: list[dict[str, Any]]) -> Given:
    """One page of a list, as Twilio's clients page through it."""
    size = max(1, min(asked.number("PageSize", 50, 1_000_000), 1000))
    number = asked.number("Page", 0, 1_000_000)
    begin, end = number * size, min((number + 1) * size, len(rows))

    def link(which: int) -> str:
        kept = [(name, value) for name, values in asked.fields.items() for value in values]
        kept = [(name, value) for name, value in kept if name not in ("Page", "PageSize", "PageToken")]
        return f"{asked.path}?" + urlencode([*kept, ("PageSize", str(size)), ("Page", str(which))])

    return Given(
        200,
        {
            key: rows[begin:end],
            "page": number,
            "page_size": size,
            "start": begin,
            "end": max(begin, end - 1),
            "uri": link(number),
            "first_page_uri": link(0),
            "next_page_uri": link(number + 1) if end < len(rows) else None,
            "previous_page_uri": link(number - 1) if number else None,
        },
    )
