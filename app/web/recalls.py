"""The public page of recalls: search by the numbers on a product, and notices in the words of the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from babel.dates import format_date
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm

from app.compliance.recall_notice import lint_notice, notice_words
from app.compliance.recall_text import NoticeParts
from app.domain.complaint_terms import Certainty
from app.domain.errors import NotFound
from app.domain.recall import Recall
from app.models.recall import RecallRow
from app.models.recall_documents import latest_recalls, notice_of, recall_of
from app.services.look_up_recall import look_up_recall
from app.web.access import public
from app.web.headers import guard
from app.web.show import office_zone, phone
from app.web.webhooks.gate import runtime

bp = Blueprint("recalls", __name__, url_prefix="/recalls")
bp.after_request(guard)

_LATEST: Final = 10
_LONGEST_QUESTION: Final = 80
_PROMPTS: Final = {Certainty.EXACT: "recall_exact", Certainty.POSSIBLE: "recall_possible"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One recall on the page."""

    row: RecallRow
    recall: Recall
    parts: NoticeParts
    text: str  # the notice, as it is spoken on the telephone
    heading: str
    published: str  # "" where the list has no date

    @property
    def written_in(self) -> str:
        """The language of the product's name, where it is that of the list and known; "" otherwise."""
        return "en" if self.row.source.endswith("cpsc") and self.parts.product == self.row.title else ""

    @property
    def link(self) -> str:
        """Where the authority tells of it; "" unless it is an address of the web."""
        return self.row.url if self.row.url and self.row.url.startswith(("https://", "http://")) else ""

    @property
    def numbers(self) -> list[str]:
        """The numbers that the list gives as the product's own, as they are written there."""
        return list(dict.fromkeys(one.written for one in self.recall.identifiers if one.is_listed))


@bp.get("", strict_slashes=False)
@public
def search() -> str:
    rt = runtime()
    language = _language()
    typed = request.args.get("q", "").strip()[:_LONGEST_QUESTION]
    with rt.database.reads() as session:
        match = look_up_recall(session, typed) if typed else None
        found = [_shown(session, row, language, _PROMPTS[match.certainty]) for row in match.recalls] if match else []
        latest = [] if found else [_shown(session, row, language) for row in latest_recalls(session, _LATEST)]
    certainty = str(match.certainty) if match else ""
    return _page("recalls/search.html", language, typed=typed, certainty=certainty, found=found, latest=latest)


@bp.get("/<int:recall_id>")
@public
def notice(recall_id: int) -> str:
    language = _language()
    with runtime().database.reads() as session:
        row = session.get(RecallRow, recall_id) if recall_id < 2**31 else None
        if row is None:
            raise NotFound("recall")
        return _page("recalls/notice.html", language, each=_shown(session, row, language))


def _page(template: str, language: str, **shown: object) -> str:
    hotlines = list(runtime().hotlines)
    line = next((each for each in hotlines if language in each.languages), hotlines[0])
    number = line.numbers[0] if line.numbers else line.company.phone
    return render_template(
        template,
        desk_language=language,
        languages=_languages(),
        word=lambda prompt: _said(language, f"page.{prompt}"),
        said=lambda prompt, **slots: _said(language, prompt, **slots),
        here_in=_here_in,
        name_of=lambda code: _said(code, "page.language"),
        company=line.company,
        number=number,
        number_shown=phone(number),
        **shown,
    )


def _shown(session: orm.Session, row: RecallRow, language: str, prompt: str = "page.notice") -> Shown:
    parts = notice_of(session, row, language)
    slots = {"hazard": parts.hazard, "recall_title": parts.product}
    text = _said(language, prompt, **slots)
    jurisdiction = next(iter(runtime().hotlines)).jurisdiction
    if any(fault.is_spoken for fault in lint_notice(text, language, jurisdiction)):
        text = _said(language, prompt)  # parts that are lawful each may not be so together
    published = format_date(row.published_on, "long", locale=language.replace("-", "_")) if row.published_on else ""
    return Shown(row, recall_of(row), parts, text, notice_words(language).heading, published)


def _here_in(language: str) -> str:
    """This page in another language."""
    args = {**request.view_args, "lang": language} if request.view_args else {"lang": language}
    if request.args.get("q"):
        args["q"] = request.args["q"][:_LONGEST_QUESTION]
    return url_for(request.endpoint or "recalls.search", **args)


def _said(language: str, prompt: str, **slots: str) -> str:
    rt = runtime()
    return rt.board.present.words.text(language, prompt, slots, now=rt.clock.now(), zone=office_zone())


def _languages() -> list[str]:
    return list(dict.fromkeys(language for hotline in runtime().hotlines for language in hotline.languages))


def _language() -> str:
    """The language asked for, else the browser's first that we have, else that of the first hotline."""
    known = _languages()
    asked = request.args.get("lang", "")
    if asked in known:
        return asked
    wanted = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    by_tongue = {each.partition("-")[0]: each for each in reversed(known)}
    return next((by_tongue[tongue] for tongue in wanted if tongue in by_tongue), known[0])
