"""Which remedies a recall offers, read from how lists word them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from app.domain.complaint_terms import Remedy

CHOICES: Final = (Remedy.REPAIR, Remedy.REPLACEMENT, Remedy.REFUND)
"""What a customer may choose among, in the order of the keys (Regulation (EU) 2023/988 art. 37 (2))."""

_WORDS: Final[Mapping[Remedy, re.Pattern[str]]] = {
    Remedy.REPAIR: re.compile(r"\brepair|\bfix\b|\breparatur|\brepariert|\bconsert|\bpopravk", re.IGNORECASE),
    Remedy.REPLACEMENT: re.compile(
        r"\breplac|\bexchange|\bersatz|\bumtausch|\bersetzt|\bsubstitui|\btroca|\bzamjen", re.IGNORECASE
    ),
    Remedy.REFUND: re.compile(
        r"\brefund|\bmoney back|\breimburs|\berstatt|\bgeld zurück|\breembols|\brestitui|\bpovrat", re.IGNORECASE
    ),
}


def remedies_in(texts: Iterable[str]) -> tuple[Remedy, ...]:
    """The remedies that these texts name, in the order of `CHOICES`.

    Example:
        >>> remedies_in(["refund or replacement"])
        (<Remedy.REPLACEMENT: 'replacement'>, <Remedy.REFUND: 'refund'>)
    """
    whole = " ; ".join(texts)
    return tuple(remedy for remedy in CHOICES if _WORDS[remedy].search(whole))
