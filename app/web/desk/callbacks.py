"""A call that somebody at the desk adds: checked while it is typed, promised by the same rules as on the telephone."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.complaint_terms import Channel
from app.domain.errors import Invalid
from app.domain.hotline import Hotline
from app.domain.role import Permission
from app.services.add_callback import KINDS, Entered, Foretold, add_callback, foretell_callback
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import desk_language, say

_LONGEST_KEY: Final = 40


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/callbacks/new", view_func=new_callback, methods=["GET", "POST"])
    bp.add_url_rule("/callbacks/check", view_func=check_callback, methods=["POST"])


@needs(Permission.WORK)
def new_callback() -> Response | str | tuple[str, int]:
    rt = runtime()
    if request.method == "GET":
        return _page(None, None)
    key = request.form.get("key", "")[:_LONGEST_KEY]
    try:
        if not key:
            raise Invalid("key", "is missing")
        with rt.database.sessions.begin() as session:
            promise = add_callback(
                session, rt.vault, rt.board.present.words, _entered(), staff(), form=key, now=rt.clock.now()
            )
            protocol = promise.case.protocol
    except Invalid as invalid:
        return _page(None, invalid), 422
    return redirect(url_for("desk.case", protocol=protocol) + "#promise", 303)


@needs(Permission.WORK)
def check_callback() -> str:
    """The same form with what would be promised; nothing is written."""
    rt = runtime()
    try:
        with rt.database.reads() as session:
            return _page(foretell_callback(session, rt.vault, _entered(), now=rt.clock.now()), None)
    except Invalid as invalid:
        return _page(None, invalid)


def _page(foretold: Foretold | None, invalid: Invalid | None) -> str:
    rt, form = runtime(), request.form
    hotline = _hotline()
    usual = desk_language() if desk_language() in hotline.languages else hotline.main_language
    return render_template(
        "desk/callback.html",
        foretold=foretold,
        invalid=invalid,
        typed=form,
        key=form.get("key") or secrets.token_urlsafe(12),
        hotlines=list(rt.hotlines),
        hotline=hotline,
        usual=usual,
        kinds=KINDS,
        channels=list(Channel),
        now=rt.clock.now(),
        zone=office_zone(),
    )


def _hotline() -> Hotline:
    named = request.form.get("hotline", "")
    return runtime().hotlines.named(named) or next(iter(runtime().hotlines))


def _entered() -> Entered:
    form, hotline = request.form, _hotline()
    return Entered(
        hotline=hotline,
        phone=form.get("phone", "").strip()[:40],
        kind=form.get("kind", ""),
        channel=form.get("channel", ""),
        language=form.get("language", ""),
        wish=_local(form.get("wish", ""), hotline),
        name=form.get("name", "").strip(),
        product=form.get("product", "").strip(),
        narrative=form.get("narrative", "").strip(),
        urgent=form.get("urgent") == "yes",
    )


def _local(text: str, hotline: Hotline) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=hotline.zone)
    except ValueError as error:
        raise Invalid("wish", say("is no day and time")) from error
