"""What a turn costs: counted where statements leave for the database, so that nothing passes uncounted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.cli.bench.statements import StatementCount
from app.cli.bench.walk import BEGINNING, WALK, Caller, next_turn
from app.domain.clock import FakeClock
from app.runtime import Runtime
from app.settings import Settings
from app.web.app import create_app


class Telephone:
    """Sends a caller's requests to an application in this process."""

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        self._caller = Caller(
            1, settings.twilio_account_sid, settings.twilio_auth_token, "127.0.0.1:18000", settings.public_url
        )
        self._apps: dict[int, Flask] = {}
        self.heard = self._send(self._app(runtime), self._caller.incoming())

    def tell(self, runtime: Runtime, heard: dict[str, str]) -> str:
        """Tell `runtime` what the caller did; the document that it answers."""
        place = next_turn(self.heard.encode())
        assert place is not None, self.heard
        self.heard = self._send(self._app(runtime), self._caller.turn(*place, heard))
        return self.heard

    def _app(self, runtime: Runtime) -> Flask:
        if id(runtime) not in self._apps:
            self._apps[id(runtime)] = create_app(runtime)
        return self._apps[id(runtime)]

    @staticmethod
    def _send(app: Flask, request: bytes) -> str:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        answer = app.test_client().post(first.split(" ")[1], data=body, headers=headers)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture
def other(settings: Settings, clock: FakeClock) -> Iterator[Runtime]:
    """Another process of the same office."""
    office = Runtime.build(settings, clock=clock, wall=clock)
    yield office
    office.close()


def verbs(statements: list[str]) -> list[str]:
    return [statement.split()[0] for statement in statements]


def test_a_turn_that_opens_nothing_costs_one_read_and_one_committed_write(runtime: Runtime, other: Runtime) -> None:
    count = StatementCount(runtime.database)
    telephone = Telephone(runtime)
    for heard in (*BEGINNING, WALK[0]):  # the first use of a connection prepares it
        telephone.tell(runtime, heard)

    for before, heard in zip(WALK[1::2], WALK[2::2], strict=False):
        telephone.tell(other, before)
        count.statements.clear()
        telephone.tell(runtime, heard)

        # Without BEGIN: each statement is a transaction of its own, and only the second has anything to commit.
        assert verbs(count.statements) == ["SELECT", "INSERT"], heard


def test_the_process_that_answered_the_turn_before_need_not_read(runtime: Runtime) -> None:
    count = StatementCount(runtime.database)
    telephone = Telephone(runtime)
    for heard in (*BEGINNING, WALK[0]):
        telephone.tell(runtime, heard)

    for heard in WALK[1:]:
        count.statements.clear()
        telephone.tell(runtime, heard)

        assert verbs(count.statements) == ["INSERT"], heard


def test_a_process_that_was_overtaken_by_another_answers_what_the_other_answered(
    runtime: Runtime, other: Runtime
) -> None:
    telephone = Telephone(runtime)
    for heard in BEGINNING:
        telephone.tell(runtime, heard)
    for ours, theirs in zip(WALK[:6:2], WALK[1:6:2], strict=True):
        asked = telephone.tell(runtime, ours)
        answered = telephone.tell(other, theirs)
        telephone.heard = asked

        assert telephone.tell(runtime, {"Digits": "8"}) == answered


def test_a_turn_that_opens_a_complaint_is_one_transaction(runtime: Runtime) -> None:
    count = StatementCount(runtime.database)
    telephone = Telephone(runtime)
    count.statements.clear()

    telephone.tell(runtime, BEGINNING[0])

    begun = [verb for verb in verbs(count.statements) if verb in ("BEGIN", "COMMIT", "ROLLBACK")]
    assert begun in ([], ["BEGIN", "COMMIT"])  # the PostgreSQL driver begins and commits below its cursors
    assert len(count.statements) > 2
