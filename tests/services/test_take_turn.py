"""What a turn costs: counted where statements leave for the database, so that nothing passes uncounted."""

from __future__ import annotations

from app.cli.bench.statements import StatementCount
from app.cli.bench.walk import BEGINNING, WALK, Caller, next_turn
from app.runtime import Runtime
from app.web.app import create_app


class Telephone:
    """Sends a caller's requests to the application in this process."""

    def __init__(self, runtime: Runtime) -> None:
        settings = runtime.settings
        self._http = create_app(runtime).test_client()
        self._caller = Caller(
            1, settings.twilio_account_sid, settings.twilio_auth_token, "127.0.0.1:18000", settings.public_url
        )
        self._place = self._send(self._caller.incoming())

    def tell(self, heard: dict[str, str]) -> None:
        self._place = self._send(self._caller.turn(*self._place, heard))

    def _send(self, request: bytes) -> tuple[str, int]:
        head, _, body = request.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        answer = self._http.post(first.split(" ")[1], data=body, headers=dict(line.split(": ", 1) for line in lines))
        place = next_turn(answer.data)
        assert place is not None, answer.data
        return place


def verbs(statements: list[str]) -> list[str]:
    return [statement.split()[0] for statement in statements]


def test_a_turn_that_opens_nothing_costs_one_read_and_one_committed_write(runtime: Runtime) -> None:
    count = StatementCount(runtime.database)
    telephone = Telephone(runtime)
    for heard in BEGINNING:
        telephone.tell(heard)
    telephone.tell(WALK[0])  # the first use of a connection prepares it

    for heard in WALK[1:]:
        count.statements.clear()
        telephone.tell(heard)

        # Without BEGIN: each statement is a transaction of its own, and only the second has anything to commit.
        assert verbs(count.statements) == ["SELECT", "INSERT"], heard


def test_a_turn_that_opens_a_complaint_is_one_transaction(runtime: Runtime) -> None:
    count = StatementCount(runtime.database)
    telephone = Telephone(runtime)
    count.statements.clear()

    telephone.tell(BEGINNING[0])

    begun = [verb for verb in verbs(count.statements) if verb in ("BEGIN", "COMMIT", "ROLLBACK")]
    assert begun in ([], ["BEGIN", "COMMIT"])  # the PostgreSQL driver begins and commits below its cursors
    assert len(count.statements) > 2
