"""What makes a password too easy to guess."""

from __future__ import annotations

import re
from typing import Final

from app.domain.errors import Invalid

SHORTEST: Final = 12
LONGEST: Final = 256
_FEWEST_SIGNS: Final = 5
# What people reach for when twelve signs are demanded; shorter favourites are too short anyway.
_FAVOURITES: Final = re.compile(
    r"passwor[dt]|passw0r[dt]|kennwort|qwert[yz]|asdfgh|letmein|iloveyou|1234567|abcdefg|hotline|ruckruf|rueckruf|senha",
    re.IGNORECASE,
)


def check_password(password: str, *names: str) -> None:
    """Refuse a password that is guessed early. Anything else goes: blanks, every script, pasted ones.

    Args:
        names: of who will use it: e-mail address, name.

    Raises:
        Invalid: with what to do about it.

    Source:
        OWASP ASVS 5.0, 6.2: at least 8 signs (more advised), at least 64 allowed, no rules about kinds of signs.
    """
    if len(password) < SHORTEST:
        raise Invalid("password", f"has {len(password)} signs; take at least {SHORTEST}, such as four words")
    if len(password) > LONGEST:
        raise Invalid("password", f"has more than {LONGEST} signs; take a shorter one")
    if len(set(password)) < _FEWEST_SIGNS:
        raise Invalid("password", "repeats few signs; take one with more different ones")
    rest = _FAVOURITES.sub("", password)
    for name in names:
        for part in re.split(r"[\s@.]+", name):
            if len(part) > 2:
                rest = re.sub(re.escape(part), "", rest, flags=re.IGNORECASE)
    if len(rest) < SHORTEST // 2:
        raise Invalid("password", "is made of what is guessed first; add words that nobody expects")
