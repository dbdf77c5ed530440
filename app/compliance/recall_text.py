"""The parts of one recall's notice in one language, as they may be spoken, sent and shown. Pure; fails closed.

A part that holds words which lessen the risk is left out, and the next one that may be said takes its place: the
office's own words in the language, then those of the list, then the names of the products.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.compliance.recall_notice import (
    NoticeFault,
    lint_missing,
    lint_remedies,
    lint_words,
    without_softening,
)
from app.domain.complaint_terms import Remedy
from app.domain.recall import Recall
from app.domain.recall_dossier import Dossier, NoticeText


@dataclass(frozen=True, slots=True)
class NoticeParts:
    """What fills the sentences of a notice; "" where nothing may or can be said."""

    number: str
    product: str
    hazard: str
    what_to_do: str
    remedy: str  # in the words of the list; "" where the office names the remedies
    remedies: tuple[Remedy, ...]
    drop_off: str
    fetches: bool
    contact: str


def notice_parts(recall: Recall, dossier: Dossier | None, language: str) -> NoticeParts:
    """The parts of a notice."""
    added = dossier or Dossier()
    own = added.texts.get(language, NoticeText())
    return NoticeParts(
        number=recall.number,
        product=_first((own.product, recall.title, ", ".join(recall.products))),
        hazard=_first((own.hazard, ", ".join(recall.hazards))),
        what_to_do=_first((own.what_to_do, recall.what_to_do or "")),
        remedy="" if added.remedies else _first((", ".join(recall.remedies),)),
        remedies=added.remedies or recall.offered,
        drop_off=added.drop_off,
        fetches=added.fetches,
        contact=_first((added.contact, recall.contact or "")),
    )


def lint_dossier(
    recall: Recall, dossier: Dossier, jurisdiction: str, languages: Iterable[str]
) -> list[tuple[str, str, NoticeFault]]:
    """Every fault of what the office wrote or left open: the language ("" for all), the field, and the fault.

    Raises:
        LawUnknown: if nothing is known about the jurisdiction.
    """
    found: list[tuple[str, str, NoticeFault]] = []
    for language in languages:
        own = dossier.texts.get(language, NoticeText())
        for field in ("product", "hazard", "what_to_do"):
            found += [(language, field, fault) for fault in lint_words(getattr(own, field), jurisdiction)]
        parts = notice_parts(recall, dossier, language)
        for field, text in (("product", parts.product), ("hazard", parts.hazard)):
            found += [(language, field, fault) for fault in lint_missing(field, text, jurisdiction)]
    for field, text in (("title", recall.title), ("hazards", ", ".join(recall.hazards))):
        found += [("", field, fault) for fault in lint_words(text, jurisdiction)]
    offered = dossier.remedies or recall.offered
    found += [("", "remedies", fault) for fault in lint_remedies(offered, dossier.justification, jurisdiction)]
    return found


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text and without_softening(text)), "")
