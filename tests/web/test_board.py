"""The wallboard: numbers behind a token of its own, and nothing about anybody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.scope import Scope
from app.services.add_token import add_token, revoke_token
from tests.web.make import CUSTOMER, make_call, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_whoever_has_the_token_sees_numbers_and_nothing_about_anybody(otto, runtime, staff):
    now, wall_now = runtime.clock.now(), runtime.wall.now()
    with runtime.database.sessions.begin() as session:
        board, reads = (
            add_token(session, name, scopes=[scope], acts_for=staff["Sue"], wall_now=wall_now)
            for name, scope in (("wall", Scope.WALLBOARD), ("shop", Scope.CALLS))
        )
        make_call(session, runtime.vault, now, settled_at=None, ended_at=None, seconds=None)
        case = make_case(session, runtime.vault, now)
        make_promise(session, runtime.vault, case, now, due_at=now - timedelta(minutes=3))
    answer = otto.get(f"/board/{board}")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert "Promises late" in answer.text
    assert len(answer.data) < 20_000
    secrets = (case.protocol, CUSTOMER[3:], "kettle", "Ada", "Ben")
    assert [secret for secret in secrets if secret in answer.text] == []
    assert otto.get(f"/board/{reads}").status_code == 404
    assert otto.get("/board/nonsense").status_code == 404
    assert otto.get("/api/v1/cases", headers={"Authorization": f"Bearer {board}"}).status_code == 403
    with runtime.database.sessions.begin() as session:
        revoke_token(session, "wall", wall_now=wall_now)
    assert otto.get(f"/board/{board}").status_code == 404


def test_alerts_are_chosen_by_who_wants_them(ada):
    assert "data-alert" not in ada.get("/desk/").text
    ada.send("/desk/settings", volume="45", note="yes", keys="yes")

    assert 'data-sound="45" data-note="yes"' in ada.get("/desk/").text
    ada.send("/desk/settings", volume="-5")
    assert "data-alert" not in ada.get("/desk/").text
