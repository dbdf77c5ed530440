"""What administrators see and change: staff, hotlines, terms, tokens of the API, webhooks, the audit trail."""

from flask import Blueprint, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.role import Permission
from app.web import auth, trail
from app.web.access import needs
from app.web.admin import audit, hotlines, hours, retention, staff, tokens, webhooks
from app.web.headers import guard

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(auth.admit)
bp.before_request(trail.note_look)
bp.after_request(guard)
bp.after_request(trail.note_refusal)


@bp.get("/")
@needs(Permission.ADMINISTER)
def office() -> Response:
    return redirect(url_for("admin.people"), 303)


for _pages in (staff, hotlines, hours, retention, tokens, webhooks, audit):
    _pages.add_views(bp)
