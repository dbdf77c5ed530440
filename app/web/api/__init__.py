"""The API for other systems, at /api/v1."""

from app.web.api.views import bp

__all__ = ["bp"]
