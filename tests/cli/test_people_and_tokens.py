"""The operator hires people, lets systems in, writes the call log out and loads the demo office."""

from __future__ import annotations

import csv
import io
import os
import pwd
import stat
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli.__main__ import hotline
from app.domain.clock import SystemClock
from app.models.audit import AuditEntry, details_of_entry
from app.models.engines import Database
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.add_token import token_shown
from app.services.log_in import log_in
from app.services.passwords import staff_of_link
from app.settings import Settings
from tests.web.make import CUSTOMER, make_call, make_case


@pytest.fixture
def operator(environ, database_url, monkeypatch):
    """Runs a command as scripts/hotline does."""
    for name, value in {**environ, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    return lambda *words, **options: CliRunner().invoke(hotline, [str(word) for word in words], **options)


@pytest.fixture
def database(database_url):
    opened = Database(database_url, pool_size=2)
    yield opened
    opened.dispose()


ADA = ("staff", "add", "Ada@office.example", "--name", "Ada", "--role", "agent", "--phone", "030 23125001")


def test_hiring_prints_the_link_by_which_the_password_is_set(operator, database):
    result = operator(*ADA, "--languages", "de, en", "--available")

    link = result.stdout.splitlines()[-1]
    with database.reads() as session:
        ada = staff_of_link(session, link.rpartition("/")[2], wall_now=SystemClock().now())
    assert link.startswith("http://127.0.0.1:18000/desk/welcome/")
    assert ada is not None
    assert (ada.email, ada.role, ada.phone) == ("ada@office.example", "agent", "+493023125001")
    assert (ada.languages, ada.available, ada.password_hash) == (["de", "en"], True, None)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_cannot_be_used_is_said_and_nobody_is_hired(operator, database):
    twice = [operator(*ADA, "--languages", "de") for _ in range(2)][1]
    bea = ("staff", "add", "bea@office.example", "--name", "Bea", "--languages", "de")
    no_number = operator(*bea, "--role", "agent", "--phone", "12")
    no_role = operator(*bea, "--role", "boss")

    assert "there already" in twice.stderr
    assert "phone" in no_number.stderr
    assert "boss" in no_role.stderr
    assert twice.exit_code == no_number.exit_code == 1
    with database.reads() as session:
        assert session.query(Staff).count() == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_by_what_somebody_is_reminded_is_told_and_nobody_is_left_out(operator, database):
    operator("staff", "add", "sue@office.example", "--name", "Sue", "--role", "supervisor", "--languages", "en")

    assert "reminded by email" in operator("staff", "reminders", "sue@office.example", "email").output
    assert "reminded by text and email" in operator("staff", "reminders", "sue@office.example").output
    assert "text" in operator("staff", "reminders", "sue@office.example", "pigeon").output


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_dismissed_person_is_out_and_the_list_says_so(operator, database):
    link = operator(*ADA, "--languages", "de").stdout.splitlines()[-1]
    operator("staff", "disable", "ada@office.example")

    with database.reads() as session:
        assert staff_of_link(session, link.rpartition("/")[2], wall_now=SystemClock().now()) is None
    assert operator("staff", "list").stdout == "ada@office.example\tAda\tagent\tde\tevery kind\tdisabled\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_list_tells_which_kinds_of_case_somebody_handles(operator, database):
    operator(*ADA, "--languages", "de", "--skill", "recall", "--skill", "complaint")
    hired = operator("staff", "list").stdout
    changed = operator("staff", "skills", "ada@office.example", "cancellation").stdout
    every = operator("staff", "skills", "ada@office.example").stdout
    unknown = operator("staff", "skills", "ada@office.example", "recalls")

    assert hired == "ada@office.example\tAda\tagent\tde\tcomplaint,recall\taway\n"
    assert changed == "ada@office.example handles cancellation\n"
    assert every == "ada@office.example handles every kind of case\n"
    assert "recalls" in unknown.stderr


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_new_link_replaces_the_old_one(operator, database):
    old = operator(*ADA, "--languages", "de").stdout.splitlines()[-1].rpartition("/")[2]
    new = operator("staff", "link", "ada@office.example").stdout.splitlines()[-1].rpartition("/")[2]

    with database.reads() as session:
        found = [staff_of_link(session, token, wall_now=SystemClock().now()) is not None for token in (old, new)]
    assert found == [False, True]


def test_the_last_line_of_a_new_token_is_the_token(operator, database):
    token = operator("tokens", "add", "shop").stdout.splitlines()[-1]
    again = operator("tokens", "add", "shop")

    with database.reads() as session:
        shown = token_shown(session, token, wall_now=SystemClock().now())
        assert getattr(shown, "opens", None) == {"cases", "calls", "promises"}
        assert token_shown(session, token + "x", wall_now=SystemClock().now()) is None
    assert again.exit_code == 1
    operator("tokens", "revoke", "shop")
    with database.reads() as session:
        assert token_shown(session, token, wall_now=SystemClock().now()) is None


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_token_that_writes_acts_for_somebody_and_a_webhook_shows_its_secret_once(operator, database):
    operator(*ADA, "--languages", "de")
    nobody = operator("tokens", "add", "site", "--scope", "cases:write")
    token = operator("tokens", "add", "site", "--scope", "cases:write", "--as", "ada@office.example").stdout
    secret = operator("webhooks", "add", "shop", "https://shop.example/", "--event", "case.closed").stdout
    rotated = operator("webhooks", "rotate", "shop").stdout
    done = [
        operator("webhooks", *words).exit_code
        for words in (["test", "shop"], ["again", "shop"], ["switch", "shop", "off"])
    ]

    with database.reads() as session:
        shown = token_shown(session, token.splitlines()[-1], wall_now=SystemClock().now())
    assert (nobody.exit_code, getattr(shown, "opens", None)) == (1, {"cases:write"})
    assert secret.startswith("whsec_")
    assert (rotated != secret, done) == (True, [0, 0, 0])
    listed = operator("webhooks", "list").stdout
    assert listed == "shop\thttps://shop.example/\toff\t1 wait\t0 given up\tcase.closed\n"


def test_the_call_log_comes_out_as_rows_that_a_spreadsheet_takes_for_text(operator, database, environ):
    vault = Vault(Settings.read({**environ, "DATABASE_URL": database.url}).data_keys)
    with database.sessions.begin() as session:
        for day in (2, 3):
            call = make_call(session, vault, datetime(2026, 3, day, 9, tzinfo=UTC), key=f"call-{day}")
            make_case(session, vault, call.started_at, protocol=f"260000000{day}", call_key=call.key)

    written = operator("calls", "export", "--since", "2026-03-03").stdout
    every = operator("calls", "export", "--format", "jsonl").stdout

    (row,) = csv.DictReader(io.StringIO(written))
    assert row["started_at"] == "2026-03-03T09:00:00+00:00"
    assert (row["caller"], row["protocols"], row["seconds"]) == ("'" + CUSTOMER, "2600000003", "240")
    assert len(every.splitlines()) == 2


def test_the_demo_office_is_hired_once_with_passwords_made_up_here(operator, database, environ):
    first = operator("demo", "load")
    settings = Settings.read({**environ, "DATABASE_URL": database.url})
    file = settings.var_dir / "demo-logins.txt"
    logins = dict(line.split("\t") for line in file.read_text().splitlines())
    again = operator("demo", "load")

    assert first.exit_code == again.exit_code == 0
    assert sorted(logins) == [f"{name}@demo.example" for name in ("ada", "ben", "max", "mira", "sue")]
    assert dict(line.split("\t") for line in file.read_text().splitlines()) == logins
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    vault = Vault(settings.data_keys)
    for email, password in logins.items():
        assert isinstance(log_in(database, vault, email, password, wall_now=SystemClock().now()), str)
    with database.sessions.begin() as session:
        agents = session.query(Staff).filter_by(role="agent").order_by(Staff.id)
        assert [(agent.name, agent.available, agent.languages) for agent in agents] == [
            ("Ada", True, ["de", "en"]),
            ("Ben", True, ["en", "pt-BR"]),
            ("Mira", True, ["bs", "de"]),
        ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_demo_office_is_refused_where_others_can_reach_it(operator, monkeypatch, database):
    monkeypatch.setenv("PUBLIC_URL", "https://hotline.example.org")
    result = operator("demo", "load")

    assert result.exit_code == 1
    assert "loopback" in result.stderr
    with database.reads() as session:
        assert session.query(Staff).count() == 0


def test_every_group_explains_itself(monkeypatch):
    groups = CliRunner().invoke(hotline, ["--help"]).stdout
    for name in ("calls", "complaints", "demo", "flows", "recalls", "simulate", "staff", "tokens"):
        assert name in groups
        assert CliRunner().invoke(hotline, [name, "--help"]).exit_code == 0


def test_an_unknown_command_is_said_to_be_unknown():
    assert CliRunner().invoke(hotline, ["dance"]).exit_code == 2


def test_what_the_operator_changes_is_in_the_audit_trail_and_what_is_only_read_is_not(operator, database, environ):
    operator(*ADA, "--languages", "de")
    operator("staff", "list")
    operator("staff", "disable", "ada@office.example")
    operator("staff", "disable", "nobody@office.example")

    vault = Vault(Settings.read(environ).data_keys)
    with database.reads() as session:
        entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
        told = [details_of_entry(vault, each) for each in entries]
    assert [each.subject for each in entries] == ["scripts/hotline staff add", "scripts/hotline staff disable"]
    assert [each["by"] for each in told] == [pwd.getpwuid(os.getuid()).pw_name] * 2
    assert "Ada" in told[0]["changes"][0]["columns"]["name"]
    assert "link_hash" not in str(told[0])
    assert told[1]["changes"][0]["columns"]["disabled_at"][0] is None
