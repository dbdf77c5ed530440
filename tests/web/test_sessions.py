"""Sessions are for people only."""

from __future__ import annotations

import flask
import pytest
from flask.sessions import NullSession

from app.runtime import Runtime
from app.web.app import create_app


@pytest.mark.parametrize("path", ["/voice/incoming", "/voice/turn/k/1", "/messages/incoming"])
def test_the_network_has_no_session(runtime: Runtime, path: str) -> None:
    with create_app(runtime).test_request_context(path):
        assert isinstance(flask.session._get_current_object(), NullSession)


def test_people_keep_their_session(runtime: Runtime) -> None:
    with create_app(runtime).test_request_context("/desk/"):
        flask.session["kept"] = "yes"

        assert not isinstance(flask.session._get_current_object(), NullSession)
