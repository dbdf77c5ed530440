"""Turns per second of the real application against the baseline, alternating, on the same server and the same load.

A measured turn is real: a request signed over its own form, in the middle of a complaint that is on record, answered
from what the call has told so far, committed before it is answered.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from app.cli import local_env
from app.cli.bench.load import Exchange, WrongAnswer, exchange_all
from app.cli.bench.server import HOST, CannotServe, Server, free_port, serve
from app.cli.bench.statements import StatementCount
from app.cli.bench.walk import BEGINNING, WALK, Caller, next_turn
from app.cli.throwaway_postgres import NoPostgres, start_postgres
from app.migrations.upgrade import upgrade
from app.runtime import Runtime
from app.settings import Settings, environment
from app.web.app import create_app

BASELINE = "baseline"
_callers = itertools.count(1)


class BenchFailed(Exception):
    """Nothing could be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of those that are compared, as it is served."""

    name: str
    server: Server
    environ: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of one side showed."""

    turns_per_second: float
    cpu_ms: float | None  # of the server's processes, per turn; None where it cannot be known
    p99_ms: float


def measure_turns(runs: int, calls: int, lines: int, databases: Sequence[str], tell: Callable[[str], None]) -> None:
    """Measure, and tell the figures line by line.

    Raises:
        BenchFailed: if a server does not start, or does not answer turns with documents.
    """
    try:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rueckruf-bench-")))
            urls = {name: _fresh_database(name, folder, stack) for name in databases}
            baseline = _open(BASELINE, "", folder, stack)
            sides = [_open(name, url, folder, stack) for name, url in urls.items()]
            for side in (baseline, *sides):
                _run(side, max(lines, calls // 10), lines)  # warms up
            results = _alternate(baseline, sides, runs, calls, lines)
            statements = {side.name: _statements_per_turn(side.environ) for side in sides}
    except (WrongAnswer, CannotServe, NoPostgres) as error:
        raise BenchFailed(str(error)) from error
    tell(f"{runs} alternating runs, each {calls} calls of {len(WALK)} turns on {lines} lines\n")
    _report(results, statements, tell)


def _fresh_database(name: str, folder: Path, stack: contextlib.ExitStack) -> str:
    if name == "sqlite":
        url = f"sqlite:///{folder}/office.db"
    else:
        url = stack.enter_context(start_postgres(environment(), durable=True)).create("bench")
    upgrade(url)
    return url


def _open(name: str, database_url: str, folder: Path, stack: contextlib.ExitStack) -> Side:
    port = free_port()
    address = f"http://{HOST}:{port}"
    chosen = {"PUBLIC_URL": address, "TWILIO_API_URL": address, "VAR_DIR": str(folder), "DATABASE_URL": database_url}
    environ = {**environment(), **local_env.write(folder / "local.env", {}), **chosen, "LOG_LEVEL": "WARNING"}
    target = "app.cli.bench.baseline:create_app" if name == BASELINE else "app.wsgi:app"
    log = folder / f"{name}.log"
    return Side(name, stack.enter_context(serve(target, port, environ, log, factory=name == BASELINE)), environ)


def _alternate(
    baseline: Side, sides: Sequence[Side], runs: int, calls: int, lines: int
) -> dict[str, list[tuple[Run, Run]]]:
    """For each side its runs, each with the run of the baseline just before it."""
    results: dict[str, list[tuple[Run, Run]]] = {side.name: [] for side in sides}
    for _ in range(runs):
        for side in sides:
            results[side.name].append((_run(baseline, calls, lines), _run(side, calls, lines)))
    return results


def _run(side: Side, calls: int, lines: int) -> Run:
    placed = _placed_calls(side, calls, lines)
    exchanges = [[exchange for turns in placed[line::lines] for exchange in turns] for line in range(lines)]
    before = side.server.cpu_seconds()
    took = exchange_all(HOST, side.server.port, exchanges)
    after = side.server.cpu_seconds()
    for walk in placed:
        _check_walk(walk)
    turns = calls * len(WALK)
    return Run(
        turns_per_second=turns / took,
        cpu_ms=None if before is None or after is None else (after - before) / turns * 1000,
        p99_ms=quantiles((each.seconds for walk in placed for each in walk), n=100)[98] * 1000,
    )


def _placed_calls(side: Side, calls: int, lines: int) -> list[list[Exchange]]:
    """Calls that have come in and chosen to complain, each with the turns that are still to come, ready to send."""
    base = f"{HOST}:{side.server.port}"
    callers = [
        Caller(
            next(_callers),
            side.environ["TWILIO_ACCOUNT_SID"],
            side.environ["TWILIO_AUTH_TOKEN"],
            base,
            f"http://{base}",
        )
        for _ in range(calls)
    ]
    answers = [Exchange(caller.incoming()) for caller in callers]
    exchange_all(HOST, side.server.port, [answers[line::lines] for line in range(lines)])
    for heard in BEGINNING:
        places = [_place_after(answer) for answer in answers]
        answers = [Exchange(caller.turn(*place, heard)) for caller, place in zip(callers, places, strict=True)]
        exchange_all(HOST, side.server.port, [answers[line::lines] for line in range(lines)])
    return [
        [Exchange(caller.turn(key, first + step, heard)) for step, heard in enumerate(WALK)]
        for caller, (key, first) in zip(callers, map(_place_after, answers), strict=True)
    ]


def _place_after(exchange: Exchange) -> tuple[str, int]:
    place = next_turn(exchange.answer)
    if place is None:
        raise WrongAnswer(f"the call does not go on after:\n{exchange.answer.decode()}")
    return place


def _check_walk(turns: Sequence[Exchange]) -> None:
    """Every answer must lead to the turn after it: nothing was answered twice, or from the fallback."""
    first = next_turn(turns[0].request)
    assert first is not None
    for step, turn in enumerate(turns):
        if next_turn(turn.answer) != (first[0], first[1] + step + 1):
            raise WrongAnswer(f"turn {step + 1} of the walk leads elsewhere:\n{turn.answer.decode()}")


def _statements_per_turn(environ: Mapping[str, str]) -> float:
    """SQL statements of a turn, counted in this process with the same application and the same walk."""
    office = Runtime.build(Settings.read(environ))
    try:
        count = StatementCount(office.database)
        http = create_app(office).test_client()
        caller = Caller(
            next(_callers), environ["TWILIO_ACCOUNT_SID"], environ["TWILIO_AUTH_TOKEN"], "", environ["PUBLIC_URL"]
        )

        def ask(request: bytes) -> tuple[str, int]:
            head, _, body = request.partition(b"\r\n\r\n")
            first, *lines = head.decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in lines if not line.startswith(("Host", "Content-Length")))
            answer = http.post(first.split(" ")[1], data=body, headers=headers, base_url=environ["PUBLIC_URL"])
            return _place_after(Exchange(request, answer.data))

        place = ask(caller.incoming())
        for heard in BEGINNING:
            place = ask(caller.turn(*place, heard))
        place = ask(caller.turn(*place, WALK[0]))  # connections are prepared at their first use
        count.statements.clear()
        for heard in WALK[1:]:
            place = ask(caller.turn(*place, heard))
        return len(count.statements) / (len(WALK) - 1)
    finally:
        office.close()


def _report(
    results: Mapping[str, Sequence[tuple[Run, Run]]], statements: Mapping[str, float], tell: Callable[[str], None]
) -> None:
    tell(f"{'':22}{'turns per second':>24}   {'CPU ms':>7} {'p99 ms':>7} {'SQL':>5}")
    tell(f"{'':22}{'min':>8}{'median':>8}{'max':>8}   {'a turn':>7} {'a turn':>7} {'a turn':>5}")
    everywhere = [base for pairs in results.values() for base, _ in pairs]
    tell(_line(BASELINE, everywhere, 0.0))
    for name, pairs in results.items():
        tell(_line(f"Rückruf, {name}", [ours for _, ours in pairs], statements[name]))
    for name, pairs in results.items():
        ratios = [ours.turns_per_second / base.turns_per_second for base, ours in pairs]
        tell(f"{f'ratio, {name}':22}" + "".join(f"{value:8.2f}" for value in _spread(ratios)))


def _line(name: str, runs: Sequence[Run], statements: float) -> str:
    speeds = "".join(f"{value:8.0f}" for value in _spread([run.turns_per_second for run in runs]))
    cpu = [run.cpu_ms for run in runs if run.cpu_ms is not None]
    used = f"{median(cpu):7.3f}" if cpu else f"{'-':>7}"
    return f"{name:22}{speeds}   {used} {median(run.p99_ms for run in runs):7.1f} {statements:5.1f}"


def _spread(values: Sequence[float]) -> Iterator[float]:
    yield from (min(values), median(values), max(values))
