"""The floor: what supervisors see."""

from flask import Blueprint

from app.web import auth
from app.web.floor import calls, cancellations, charges, keeping, promises, recalls, rules
from app.web.headers import guard

bp = Blueprint("floor", __name__, url_prefix="/floor")
bp.before_request(auth.admit)
bp.after_request(guard)
for _pages in (calls, promises, charges, cancellations, recalls, rules, keeping):
    _pages.add_views(bp)
