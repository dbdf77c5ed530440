"""The published scheme."""

from __future__ import annotations

import pytest
from flask import Flask

from app.domain.complaint import json_schema
from app.web.schemas import bp


@pytest.fixture
def reader(runtime):
    """Anybody's browser."""
    app = Flask("schemas alone")
    app.extensions["rueckruf"] = runtime
    app.register_blueprint(bp)
    return app.test_client()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_scheme_is_public_names_its_address_and_is_not_sent_twice(reader):
    first = reader.get("/schemas/complaint-1.json")
    again = reader.get("/schemas/complaint-1.json", headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert first.content_type == "application/schema+json"
    assert first.get_json(force=True) == json_schema("http://127.0.0.1:18000")
    assert "public" in first.headers["Cache-Control"]
    assert (again.status_code, again.data) == (304, b"")
