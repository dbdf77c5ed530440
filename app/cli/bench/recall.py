"""How long it takes to find out whether a product is recalled, by how many identifiers there are.

A tenth as many recalls as identifiers, each with a bar code, models, lots, serial numbers and a range of them. What is
looked up is what callers give: bar codes whole, with blanks, with a digit missing or mistaken; models and their
beginnings; serial numbers inside a range; the digits of a lot; and numbers that are on no list, which take longest.
"""

from __future__ import annotations

import contextlib
import itertools
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import sqlalchemy as sa

from app.cli.throwaway_postgres import start_postgres
from app.domain.gtin import check_digit
from app.domain.recall_identifiers import Identifier, IdentifierKind
from app.domain.recall_ranges import range_blocks
from app.migrations.upgrade import upgrade
from app.models.engines import Database
from app.models.recall import RecallIdentifier, RecallRow
from app.services.import_recalls import analyze_recalls
from app.services.look_up_recall import look_up_recall
from app.settings import environment

SIZES: Final = (10_000, 100_000, 1_000_000)
_EACH: Final = 10  # identifiers of one recall
_NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_FIRST: Final = date(1973, 1, 1)


def measure_look_ups(
    look_ups: int, databases: Sequence[str], sizes: Sequence[int], tell: Callable[[str], None]
) -> None:
    """Measure, and tell a table line by line.

    Args:
        look_ups: how many at each size, each a transaction of its own.
        sizes: identifiers in the index.
    """
    tell("| identifiers | database | wall: median | p99 | greatest | processor: median | p99 | found |")
    tell("|--:|---|--:|--:|--:|--:|--:|--:|")
    slowest: dict[str, dict[int, float]] = {name: {} for name in databases}
    for name in databases:
        for size in sizes:
            wall, processor, found = _measure(name, size, look_ups)
            slowest[name][size] = _share(processor, 0.99)
            times = (_share(wall, 0.5), _share(wall, 0.99), max(wall), _share(processor, 0.5), _share(processor, 0.99))
            told = " | ".join(f"{each:.2f} ms" for each in times)
            tell(f"| {size:,} | {name} | {told} | {found / look_ups:.0%} |")
    least, most = min(sizes), max(sizes)
    for name, of_size in slowest.items() if most > least else ():
        ratio = of_size[most] / of_size[least]
        tell(f"{name}: p99 of the processor at {most:,} is {ratio:.2f} times that at {least:,}")


def _share(times: list[float], share: float) -> float:
    return sorted(times)[int(len(times) * share)]


def _measure(name: str, size: int, look_ups: int) -> tuple[list[float], list[float], int]:
    """Milliseconds by the wall and of this process's processor time, and how many found a recall."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rueckruf-bench-")))
        if name == "sqlite":
            url = f"sqlite:///{folder}/office.db"
        else:
            url = stack.enter_context(start_postgres(environment(), durable=True)).create("bench")
        upgrade(url)
        database = Database(url)
        stack.callback(database.dispose)
        _fill(database, size)
        wall: list[float] = []
        processor: list[float] = []
        found = 0
        heard = list(_heard(size, look_ups))
        for number, each in enumerate([*heard[:100], *heard]):
            with database.reads() as session:
                begin, cpu = time.perf_counter(), time.process_time()
                match = look_up_recall(session, each)
                took, used = time.perf_counter() - begin, time.process_time() - cpu
            if number >= 100:  # the first ones warm up
                wall.append(took * 1000)
                processor.append(used * 1000)
                found += bool(match.recalls)
        return wall, processor, found


def _code(number: int) -> str:
    body = f"{40_000_000_000 + number * 7:011d}"
    return body + check_digit(body)


def _numbers(recall: int) -> Iterator[tuple[IdentifierKind, str, bool]]:
    """The identifiers of one recall: kind, normal form, whether the list gives it as the product's own."""
    code = _code(recall)
    yield IdentifierKind.GTIN, code.zfill(14), True
    yield IdentifierKind.GTIN, code[1:-1], True  # as lists often have it, without its ends
    yield IdentifierKind.MODEL, f"HX{recall:07d}", True
    yield IdentifierKind.MODEL, f"PRO{recall % 5000}", False
    yield IdentifierKind.LOT, f"L{recall * 3:08d}", True
    first = recall * 1000
    for block in itertools.islice(range_blocks(f"SN{first:011d}", f"SN{first + 399:011d}"), 4):
        yield IdentifierKind.SERIAL, block, True
    yield IdentifierKind.SERIAL, f"Q{recall * 11:09d}", False


def _fill(database: Database, size: int) -> None:
    recalls = range(1, size // _EACH + 1)
    with database.sessions.begin() as session:
        for some in _batches(recalls, 2000):
            session.execute(sa.insert(RecallRow), [_recall(number) for number in some])
            session.execute(sa.insert(RecallIdentifier), [each for number in some for each in _identifiers(number)])
        analyze_recalls(session)


def _batches(numbers: range, size: int) -> Iterator[range]:
    for begin in range(0, len(numbers), size):
        yield numbers[begin : begin + size]


def _recall(number: int) -> dict[str, Any]:
    document = {"source": "bench", "number": str(number), "title": f"Heater HX{number:07d}", "hazards": ["fire"]}
    return {
        "id": number, "source": "bench", "number": f"B{number}",
        "published_on": _FIRST + timedelta(days=number % 19_000),
        "title": document["title"], "hazards": ["fire"], "remedies": ["refund"], "document": document,
        "changed_at": _NOW,
    }  # fmt: skip


def _identifiers(number: int) -> Iterator[dict[str, Any]]:
    for kind, normal, is_listed in _numbers(number):
        is_doubtful = kind is IdentifierKind.GTIN and len(normal) < 14
        one = Identifier(kind=kind, written=normal, normal=normal, is_listed=is_listed, is_doubtful=is_doubtful)
        yield {
            "recall_id": number, "kind": str(kind), "written": normal, "normal": normal, "digits": one.digits,
            "is_listed": is_listed, "is_doubtful": is_doubtful,
        }  # fmt: skip


def _heard(size: int, look_ups: int) -> Iterator[str]:
    dice = Random(size)  # noqa: S311 - which products callers have, the same in each run
    for number in range(look_ups):
        recall = dice.randrange(1, size // _EACH + 1)
        code = _code(recall)
        at = dice.randrange(1, len(code) - 1)
        serial = recall * 1000 + dice.randrange(0, 400)
        ways = (
            code,
            f"{code[0]} {code[1:6]} {code[6:11]} {code[11]}",
            code[:at] + code[at + 1 :],
            code[:at] + dice.choice("0123456789") + code[at + 1 :],
            f"HX {recall:07d}",
            f"HX{recall:07d}"[:6],
            f"sn-{serial:011d}",
            f"{recall * 3:08d}",
            f"PRO{recall % 5000}",
            f"{dice.randrange(10**11, 10**12)}",
            f"ZZ{dice.randrange(10**7)}",
        )
        yield ways[number % len(ways)]
