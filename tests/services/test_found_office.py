"""The first start: a link instead of a default account."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.domain.role import Role
from app.migrations import __main__ as release
from app.models.staff import Staff
from app.services.add_staff import add_staff
from app.services.found_office import found_office
from app.web.app import create_app
from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def otto(runtime) -> Visitor:
    return Visitor(create_app(runtime).test_client())


def link(runtime) -> str | None:
    with runtime.database.sessions.begin() as session:
        token = found_office(session, wall_now=runtime.wall.now())
    return f"/desk/welcome/{token}" if token else None


def test_the_first_release_prints_a_link_and_later_ones_do_not(environ, database_url, runtime, monkeypatch, capsys):
    for name, value in {**environ, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    release.main(["upgrade"])
    first = capsys.readouterr().out
    with runtime.database.sessions.begin() as session:
        now = runtime.wall.now()
        add_staff(
            session, email="a@b.example", name="A", role=Role.ADMIN, phone=None, languages=["de"], country="DE",
            available=False, now=now, wall_now=now,
        )  # fmt: skip
    release.main(["upgrade"])

    assert re.search(r"http://127\.0\.0\.1:18000/desk/welcome/[\w-]{43}\n", first)
    assert "welcome" not in capsys.readouterr().out


def test_who_opens_the_link_becomes_the_administrator_once(runtime, otto):
    way_in = link(runtime)
    password = "four words nobody expects"
    nameless = otto.send(way_in, name="", email="nora@office.example", password=password)
    easy = otto.send(way_in, name="Nora", email="nora@office.example", password="password1234")
    done = otto.send(way_in, name="Nora", email="Nora@office.example", password=password)

    assert [each.status_code for each in (nameless, easy, done)] == [422, 422, 303]
    assert otto.get("/admin/staff").status_code == 200
    assert (otto.get(way_in).status_code, link(runtime)) == (404, None)


def test_a_link_printed_again_replaces_the_one_before(runtime, otto):
    first, second = link(runtime), link(runtime)

    assert [otto.get(each).status_code for each in (first, second)] == [404, 200]


def test_the_link_ends_when_somebody_is_hired_in_another_way(runtime, otto):
    way_in, now = link(runtime), runtime.wall.now()
    with runtime.database.sessions.begin() as session:
        add_staff(
            session, email="a@b.example", name="A", role=Role.AGENT, phone=None, languages=["de"], country="DE",
            available=False, now=now, wall_now=now,
        )  # fmt: skip
        assert session.scalars(sa.select(Staff.email)).all() == ["a@b.example"]

    assert otto.get(way_in).status_code == 404


def test_before_the_link_was_used_nobody_can_log_in(runtime, otto):
    link(runtime)

    assert otto.send("/desk/login", email="", password="").status_code == 401
