"""The floor: what supervisors see."""

from flask import Blueprint

from app.web import auth, trail
from app.web.floor import (
    approvals,
    calls,
    campaigns,
    cancellations,
    charges,
    drafts,
    exports,
    figures,
    keeping,
    measures,
    now,
    progress,
    promises,
    raw,
    recalls,
    reports,
    rules,
    signals,
)
from app.web.headers import guard

bp = Blueprint("floor", __name__, url_prefix="/floor")
bp.before_request(auth.admit)
bp.before_request(trail.note_look)
bp.after_request(guard)
bp.after_request(trail.note_refusal)
for _pages in (
    now, calls, raw, exports, figures, reports, measures, promises, approvals, charges, cancellations,
    drafts, signals, progress, recalls, campaigns, rules, keeping,
):  # fmt: skip
    _pages.add_views(bp)
