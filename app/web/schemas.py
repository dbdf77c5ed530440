"""The published scheme of the complaint record, for anybody."""

from __future__ import annotations

import json
from typing import Final, cast

from flask import Blueprint, Response, current_app, request

from app.domain.complaint import PATH, json_schema
from app.runtime import Runtime

bp = Blueprint("schemas", __name__)

_ONE_HOUR: Final = 3_600


@bp.get(PATH)
def complaint_schema() -> Response:
    office = cast(Runtime, current_app.extensions["rueckruf"])
    body = json.dumps(json_schema(office.settings.public_url.rstrip("/")), ensure_ascii=False, indent=2)
    response = Response(body + "\n", content_type="application/schema+json")
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.max_age = _ONE_HOUR
    # Programs in browsers of other sites may read it; it holds nothing about anybody.
    response.access_control_allow_origin = "*"
    return cast(Response, response.make_conditional(request))
