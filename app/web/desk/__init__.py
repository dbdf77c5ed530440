"""The desk: what agents see and do."""

from typing import cast

from flask import Blueprint, Flask

from app.web import auth, show, trail
from app.web.desk import (
    account,
    approvals,
    callbacks,
    calling,
    cases,
    charges,
    drafts,
    factor,
    knowledge,
    ledger,
    login,
    login_end,
    many,
    presence,
    queue,
    receipt,
    recordings,
    remedies,
    sign_on,
    telephone,
    wrap_up,
)
from app.web.headers import guard

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.before_request(auth.admit)
bp.before_request(trail.note_look)
bp.after_request(guard)
bp.after_request(trail.note_refusal)
bp.record_once(lambda state: show.install(cast(Flask, state.app)))
for _pages in (
    login,
    login_end,
    sign_on,
    factor,
    account,
    queue,
    presence,
    knowledge,
    cases,
    many,
    callbacks,
    calling,
    drafts,
    approvals,
    charges,
    ledger,
    receipt,
    recordings,
    remedies,
    telephone,
    wrap_up,
):
    _pages.add_views(bp)
