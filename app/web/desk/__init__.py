"""The desk: what agents see and do."""

from typing import cast

from flask import Blueprint, Flask

from app.web import auth, show
from app.web.desk import (
    approvals,
    calling,
    cases,
    charges,
    drafts,
    factor,
    knowledge,
    ledger,
    login,
    presence,
    queue,
    receipt,
    recordings,
    wrap_up,
)
from app.web.headers import guard

bp = Blueprint("desk", __name__, url_prefix="/desk")
bp.before_request(auth.admit)
bp.after_request(guard)
bp.record_once(lambda state: show.install(cast(Flask, state.app)))
for _pages in (
    login,
    factor,
    queue,
    presence,
    knowledge,
    cases,
    calling,
    drafts,
    approvals,
    charges,
    ledger,
    receipt,
    recordings,
    wrap_up,
):
    _pages.add_views(bp)
