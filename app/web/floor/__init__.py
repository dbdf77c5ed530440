"""The floor: what supervisors see."""

from flask import Blueprint

from app.web import auth
from app.web.floor import calls, charges, promises
from app.web.headers import guard

bp = Blueprint("floor", __name__, url_prefix="/floor")
bp.before_request(auth.admit)
bp.after_request(guard)
calls.add_views(bp)
promises.add_views(bp)
charges.add_views(bp)
