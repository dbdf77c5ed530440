"""A charge is suspended while the caller is on the line, and the order is carried out once, whatever happens (S6).

The billing system is a process of its own here: it answers too late, is killed with kill -9 between carrying an order
out and answering, is away, comes back out of order, and in the end is well.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from app.billing.webhook import BillingWebhook
from app.domain.clock import SystemClock
from tests.journeys.cast import CORA, press_all
from tests.journeys.stage import Stage
from tests.journeys.test_an_undue_charge import CHARGE, SECRET, orders

SCRIPT = Path(__file__).parents[1] / "trust/run_billing.py"
SLOW = 0.6  # seconds until it answers when it is slow; the office waits half as long


class Billing:
    """The process, and what it has carried out."""

    def __init__(self, folder: Path) -> None:
        self.file, self.port = folder / "orders.jsonl", 0
        self.start()

    def start(self, mood: str = "well") -> None:
        command = [sys.executable, str(SCRIPT), str(self.port), str(self.file), SECRET, str(SLOW)]
        self.process = subprocess.Popen(command, cwd=SCRIPT.parents[2], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.be(mood)

    def be(self, mood: str) -> None:
        requests.post(f"http://127.0.0.1:{self.port}/billing/mood", json={"mood": mood}, timeout=5)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def carried_out(self) -> list[str]:
        lines = self.file.read_text("utf-8").splitlines() if self.file.exists() else []
        return [json.loads(line)[1]["order"] for line in lines]


@pytest.fixture
def billing(office: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Billing]:
    monkeypatch.setenv("PYTHONPATH", str(SCRIPT.parents[2]))
    monkeypatch.setattr("app.billing.webhook.SECONDS", SLOW / 2)
    process = Billing(tmp_path)
    url = f"http://127.0.0.1:{process.port}/billing/orders"
    office.office.billing = BillingWebhook(url, SECRET, SystemClock())
    yield process
    if process.process.poll() is None:
        process.kill()


def kill_once(is_so: Callable[[], bool], process: Billing) -> threading.Thread:
    """Kill it from outside as soon as something is so."""

    def watch() -> None:
        while not is_so():
            threading.Event().wait(0.01)
        process.kill()

    thread = threading.Thread(target=watch)
    thread.start()
    return thread


def test_one_that_answers_too_late_has_carried_it_out_once(office: Stage, billing: Billing) -> None:
    """Also what it did not answer in time counts, and is not done again."""
    billing.be("slow")
    call = press_all(office.call(CORA), *CHARGE)
    assert "ab sofort ausgesetzt" in call.last_heard
    assert orders(office) == [("suspend", "waiting")]  # it is on record before anybody was asked
    office.wait(seconds=3)
    assert not call.over
    assert orders(office) == [("suspend", "waiting")]

    billing.be("well")
    office.wait(seconds=8)

    assert not call.over
    assert orders(office) == [("suspend", "accepted")]
    assert billing.carried_out() == ["suspend"]


def test_one_that_is_killed_in_the_middle_and_comes_back_broken_gets_it_in_the_end(
    office: Stage, billing: Billing
) -> None:
    """Killed after it carried the order out and before it answered: the worst moment."""
    billing.be("slow")
    call = press_all(office.call(CORA), *CHARGE)
    assert "ab sofort ausgesetzt" in call.last_heard
    killer = kill_once(lambda: billing.carried_out() == ["suspend"], billing)
    office.wait(seconds=2)
    killer.join()
    assert not call.over
    assert orders(office) == [("suspend", "waiting")]
    call.hang_up()
    office.wait(seconds=30)  # it is away
    assert orders(office) == [("suspend", "waiting")]

    billing.start(mood="broken")
    office.wait(minutes=2)
    assert orders(office) == [("suspend", "waiting")]
    billing.be("well")
    office.wait(minutes=10)

    assert orders(office) == [("suspend", "accepted")]
    assert billing.carried_out() == ["suspend"]
    assert office.history().count("billing_accepted") == 1
