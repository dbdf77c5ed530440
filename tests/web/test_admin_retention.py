"""The page of terms: what each law says, in which line of which file, what goes next and what went last."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.models.call import Recording
from app.models.chain import Removal
from app.models.login_pace import forget_old_failures
from app.models.staff import LoginFailure
from tests.web.make import make_call

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_each_term_stands_where_the_page_says_and_what_goes_next_beside_it(as_, session, runtime):
    now = runtime.clock.now()
    call = make_call(session, runtime.vault, now)
    session.add(
        Recording(
            network_id="RE1", call_key=call.key, purpose="story", status="completed", seconds=9, started_at=now,
            consent="granted", delete_on=now.date() + timedelta(days=89),
        )
    )  # fmt: skip
    session.add(Removal(subject="case:old", kind="retired", at=now, basis="Decreto 11.034/2022, art. 12", mark=b""))
    session.commit()
    page = as_("Max").get("/admin/retention").text

    for place, says in (
        ("law/de.yaml", "at_most_days: 90"),
        ("law/br-sac.yaml", "at_least_days: 90, at_most_days: 180"),
        ("law/br-sac.yaml", "at_least_years: 2"),
        ("audit_kept.yaml", "years: 3"),
    ):
        lines = [int(number) for number in re.findall(rf"<code>app/compliance/{place}:(\d+)</code>", page)]
        written = Path("app/compliance", place).read_text(encoding="utf-8").splitlines()
        assert any(says in written[line - 1] for line in lines), (place, lines)
    assert "at least 90, at most 180 days from the call" in page
    assert "unconfirmed" in page
    assert f"{now.date() + timedelta(days=89)}" in page
    assert "Decreto 11.034/2022, art. 12)" in page  # because of which a matter went last
    assert as_("Sue").get("/admin/retention").status_code == 403


def test_failed_logins_are_forgotten_a_day_later(session, runtime):
    wall_now = runtime.wall.now()
    for hours in (25, 23):
        session.add(LoginFailure(email_index=f"x{hours}", at=wall_now - timedelta(hours=hours)))
    session.commit()

    assert [forget_old_failures(runtime.database, wall_now=wall_now) for _ in range(2)] == [1, 0]
    assert session.scalars(sa.select(LoginFailure.email_index)).all() == ["x23"]
