"""Model numbers, bar codes, lots and serials of a recall: those it lists, and those only its text mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.domain.gtin import split_gtins
from app.domain.recall_ranges import ANY_DIGIT, range_blocks


class IdentifierKind(StrEnum):
    """What a number on a product is."""

    GTIN = "gtin"
    MODEL = "model"  # also style, item, part and catalogue numbers
    LOT = "lot"
    SERIAL = "serial"


class Identifier(BaseModel):
    """One number by which a product can be recognized."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: IdentifierKind
    written: str  # as the notice has it
    normal: str  # `plain(written)`; for a bar code with all its digits: padded to 14; for a range: a block of it
    is_listed: bool = True  # False: found in the text, so a match is no more than possible
    is_doubtful: bool = False  # a bar code that is incomplete or whose check digit fails

    @property
    def digits(self) -> str:
        """Its digits, those of a bar code without leading zeros, for people who can only press keys."""
        digits = "".join(sign for sign in self.normal if sign.isdecimal() or sign == ANY_DIGIT)
        return digits.lstrip("0") if self.kind is IdentifierKind.GTIN else digits


_SHORTEST: Final = 3
_LIST: Final = re.compile(r"[,;\n|]+|\s+(?:and|or|&)\s+")
_UPC_IN_TEXT: Final = re.compile(
    r"\b(?:UPC|EAN|GTIN|bar ?code)s?\b[^0-9]{0,25}([0-9][0-9 \-,;&and]*[0-9])", re.IGNORECASE
)
_NAMED: Final = re.compile(
    r"\b(model|style|item|catalog|part|sku|lot|batch|serial)s?\b((?:\s*(?:numbers?|nos?\b\.?|codes?|are|is|between|#|:))*)",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"([\s,;:/&–]*(?:(?:and|or|through|to|thru)\s+)*)#?\s*([A-Za-z0-9][A-Za-z0-9./-]*)")
_UP_TO: Final = re.compile(r"\b(?:through|thru|to)\b|–")
_SPAN: Final = re.compile(r"(.+?)\s*(?:–|\bto\b|\bthrough\b|\bthru\b|\bbis\b|\ba\b|\bdo\b|\s-\s)\s*(.+)", re.IGNORECASE)
_BARE_MODEL: Final = re.compile(
    r"(?<![\w.-])(?=[A-Z0-9/-]*[A-Z])(?=(?:[A-Z/-]*[0-9]){2})[A-Z0-9][A-Z0-9/-]{3,}[A-Z0-9](?![\w-])"
)
_MEASURE: Final = re.compile(r"[0-9]+[A-Z]{1,2}|[0-9]+X[0-9]+|[0-9/-]+")
_KINDS: Final = {
    "lot": IdentifierKind.LOT,
    "batch": IdentifierKind.LOT,
    "serial": IdentifierKind.SERIAL,
}


def plain(text: str) -> str:
    """Letters and digits only, in capitals: ``hans-0002`` and ``HANS 0002`` are the same."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def listed_gtins(texts: Iterable[str]) -> Iterator[Identifier]:
    """The bar codes of a list whose entries may hold blanks, hyphens or lists of their own."""
    for text in texts:
        for gtin in split_gtins(text):
            yield Identifier(
                kind=IdentifierKind.GTIN, written=text.strip(), normal=gtin.digits, is_doubtful=gtin.is_doubtful
            )


def listed_models(texts: Iterable[str]) -> Iterator[Identifier]:
    """The models of a field made for them; prose in it ("see label") is passed over."""
    for text in texts:
        for piece in _LIST.split(text):
            normal = plain(piece)
            if len(normal) >= 2 and (any(sign.isdecimal() for sign in normal) or len(piece.split()) <= 2):
                yield Identifier(kind=IdentifierKind.MODEL, written=piece.strip(), normal=normal)


def listed_numbers(texts: Iterable[str], kind: IdentifierKind) -> Iterator[Identifier]:
    """The lots or serial numbers of a field made for them, ranges such as `A100 to A250` or `A100 – A250` too."""
    for text in texts:
        for piece in _LIST.split(text):
            span = _SPAN.fullmatch(piece.strip())
            blocks = range_blocks(plain(span[1]), plain(span[2])) if span else ()
            if blocks:
                yield from _range(kind, piece.strip(), blocks, is_listed=True)
            elif len(normal := plain(piece)) >= _SHORTEST and any(sign.isdecimal() for sign in normal):
                yield Identifier(kind=kind, written=piece.strip(), normal=normal)


def mentioned(text: str) -> Iterator[Identifier]:
    """What a text mentions: bar codes and numbers after their name, and capitals with digits in one word."""
    for found in _UPC_IN_TEXT.finditer(text):
        for gtin in split_gtins(found[1]):
            if len(gtin.digits) >= 8:
                yield Identifier(
                    kind=IdentifierKind.GTIN,
                    written=gtin.digits,
                    normal=gtin.digits,
                    is_listed=False,
                    is_doubtful=gtin.is_doubtful,
                )
    for found in _NAMED.finditer(text):
        kind = _KINDS.get(found[1].lower(), IdentifierKind.MODEL)
        before = ""
        for token, is_end in _numbers_from(text, found.end()):
            yield Identifier(kind=kind, written=token, normal=plain(token), is_listed=False)
            if before and is_end and kind is not IdentifierKind.MODEL:
                blocks = range_blocks(plain(before), plain(token))
                yield from _range(kind, f"{before} – {token}", blocks, is_listed=False)
            before = token
    for found in _BARE_MODEL.finditer(text):
        if not _MEASURE.fullmatch(found[0]):
            yield Identifier(kind=IdentifierKind.MODEL, written=found[0], normal=plain(found[0]), is_listed=False)


def without_repeats(identifiers: Iterable[Identifier]) -> tuple[Identifier, ...]:
    """Each number once per kind; a listed one goes before the same one mentioned."""
    once: dict[tuple[IdentifierKind, str], Identifier] = {}
    for identifier in identifiers:
        once.setdefault((identifier.kind, identifier.normal), identifier)
    return tuple(once.values())


def _range(kind: IdentifierKind, written: str, blocks: Iterable[str], *, is_listed: bool) -> Iterator[Identifier]:
    for block in blocks:
        yield Identifier(kind=kind, written=written, normal=block, is_listed=is_listed)


def _numbers_from(text: str, place: int) -> Iterator[tuple[str, bool]]:
    """The numbers that follow one another from a place on, until another word comes; whether "to" stands before."""
    while (found := _TOKEN.match(text, place)) and any(sign.isdecimal() for sign in found[2]):
        token = found[2].rstrip(".-/")
        if len(plain(token)) >= _SHORTEST:
            yield token, _UP_TO.search(found[1]) is not None
        place = found.end()
