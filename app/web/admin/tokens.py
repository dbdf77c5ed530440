"""Tokens by which other systems use the API: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.role import Permission
from app.domain.scope import READS, Scope
from app.models.staff import ApiToken
from app.services.add_token import add_token, revoke_token
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

LASTS: Final = {"30": timedelta(days=30), "90": timedelta(days=90), "365": timedelta(days=365), "": None}
"""How long a new token may be good, by what the form says."""


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/tokens", view_func=tokens, methods=["GET", "POST"])
    bp.add_url_rule("/tokens/<int:token_id>/revoke", view_func=revoke, methods=["POST"])


@needs(Permission.ADMINISTER)
def tokens() -> str | tuple[str, int]:
    if request.method == "GET":
        return _page()
    rt = runtime()
    try:
        lasts = request.form.get("lasts", "90")
        if lasts not in LASTS:
            raise Invalid("lasts", "is no choice")
        with rt.database.sessions.begin() as session:
            made = add_token(
                session,
                request.form.get("name", "").strip()[:100],
                scopes=request.form.getlist("scopes"),
                lasts=LASTS[lasts],
                acts_for=staff(),
                wall_now=rt.wall.now(),
            )
    except Invalid as invalid:
        return _page(field=invalid.field, problem=say(invalid.problem)), 422
    except Conflict:
        return _page(field="name", problem=say("There is a token of this name already.")), 409
    return _page(made=made)


@needs(Permission.ADMINISTER)
def revoke(token_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        token = session.get(ApiToken, token_id)
        if token is None:
            raise NotFound("token")
        revoke_token(session, token.name, wall_now=rt.wall.now())
    return redirect(url_for("admin.tokens"), 303)


def _page(*, made: str | None = None, field: str | None = None, problem: str | None = None) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        known = session.scalars(
            sa.select(ApiToken).order_by(ApiToken.revoked_at.is_not(None), ApiToken.created_at.desc())
        ).all()
    return render_template(
        "admin/tokens.html",
        known=known,
        made=made,
        field=field,
        problem=problem,
        scopes=[scope.value for scope in Scope],
        choices=LASTS,
        chosen=request.form.getlist("scopes") if request.method == "POST" else list(READS),
        typed=request.form if made is None else {},
        wall_now=rt.wall.now(),
        zone=office_zone(),
    )
