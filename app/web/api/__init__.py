"""The API for other systems, at /api/v1."""

from app.web.api import writes
from app.web.api.views import bp

writes.add_views(bp)

__all__ = ["bp"]
