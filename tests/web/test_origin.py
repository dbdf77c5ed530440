"""Where people are who ask: behind proxies of ours too, and of nobody else's word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import request

from app.runtime import Runtime
from app.web.app import create_app

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_database
@pytest.mark.parametrize(("proxies", "seen"), [(0, "127.0.0.1"), (1, "198.51.100.7"), (2, "203.0.113.9")])
def test_an_address_is_believed_of_as_many_proxies_as_are_ours(runtime: Runtime, proxies: int, seen: str) -> None:
    settings = runtime.settings.model_copy(update={"trusted_proxies": proxies})
    app = create_app(replace(runtime, settings=settings))
    app.add_url_rule("/where", view_func=lambda: request.remote_addr or "")

    answer = app.test_client().get("/where", headers={"X-Forwarded-For": "192.0.2.1, 203.0.113.9, 198.51.100.7"})

    assert answer.text == seen
