"""E-mail addresses as people write them in a message or a list. Pure."""

from __future__ import annotations

import re
from typing import Final

_ADDRESS: Final = re.compile(
    r"(?<![\w.+-])([A-Za-z0-9][A-Za-z0-9._%+-]{0,63})@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})"
)


def find_email(text: str) -> str | None:
    """The first e-mail address in a text; None if there is none.

    Example:
        >>> find_email("An cora@example.org bitte.")
        'cora@example.org'
    """
    found = _ADDRESS.search(text)
    return None if found is None or ".." in found[1] else f"{found[1]}@{found[2].lower()}"


def read_email(text: str) -> str | None:
    """The address, if the text is one and nothing else."""
    found = find_email(text.strip())
    return found if found is not None and found.lower() == text.strip().lower() else None


def initials(address: str) -> tuple[str, str]:
    """What may be said of an address so that only who knows it recognizes it: the letters before and after the @.

    Example:
        >>> initials("cora@example.org")
        ('C', 'E')
    """
    name, _, domain = address.partition("@")
    return name[:1].upper(), domain[:1].upper()


def masked(address: str) -> str:
    """The address for people who need not know it: its first letters and its end."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain[:1]}….{domain.rpartition('.')[2]}"
