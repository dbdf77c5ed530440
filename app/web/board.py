"""The wallboard: for a screen on a wall, behind a token that opens nothing else and can be revoked."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.analytics.wallboard import wallboard
from app.domain.errors import NotFound
from app.domain.scope import Scope
from app.services.add_token import token_shown
from app.web.access import public
from app.web.headers import guard
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

bp = Blueprint("board", __name__)
bp.after_request(guard)


@bp.get("/board/<token>")
@public
def board(token: str) -> str:
    rt, now = runtime(), runtime().clock.now()
    with rt.database.reads() as session:
        shown = token_shown(session, token, wall_now=rt.wall.now())
        if shown is None or Scope.WALLBOARD not in shown.opens:
            raise NotFound("board")
        numbers = wallboard(session, rt.vault, office_zone(), now=now, wall_now=rt.wall.now())
    return render_template("board.html", board=numbers, now=now, zone=office_zone())
