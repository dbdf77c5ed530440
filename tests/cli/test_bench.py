"""The bench does what it says on a tiny scale; how fast anything is, no test asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.bench.__main__ import bench
from app.cli.bench.load import Exchange, WrongAnswer, exchange_all
from app.cli.bench.server import HOST, free_port, serve
from app.cli.bench.walk import Caller
from app.settings import environment

TOKEN, ACCOUNT = "0123456789abcdef0123456789abcdef", "AC" + "5" * 32


def test_without_a_word_it_lists_what_can_be_measured() -> None:
    result = CliRunner().invoke(bench)

    assert result.exit_code == 0
    assert re.search(r"^  turn +Turns per second", result.output, re.MULTILINE)


@pytest.mark.sqlite
def test_turns_are_measured_against_the_baseline() -> None:
    result = CliRunner().invoke(bench, ["turn", "--runs", "1", "--calls", "8", "--lines", "2", "--database", "sqlite"])

    assert result.exit_code == 0, result.output
    assert re.search(r"^baseline +\d+ +\d+ +\d+ ", result.output, re.MULTILINE)
    assert re.search(r"^Rückruf, sqlite +\d+ +\d+ +\d+ .* 1\.0$", result.output, re.MULTILINE)
    assert re.search(r"^ratio, sqlite +\d\.\d\d +\d\.\d\d +\d\.\d\d$", result.output, re.MULTILINE)


def test_the_baseline_refuses_what_nobody_signed_and_the_load_generator_notices(tmp_path: Path) -> None:
    environ = {**environment(), "TWILIO_AUTH_TOKEN": TOKEN}
    with serve("app.cli.bench.baseline:create_app", free_port(), environ, tmp_path / "log", factory=True) as server:
        address = f"{HOST}:{server.port}"
        signed = Caller(1, ACCOUNT, TOKEN, address, f"http://{address}")
        forged = Caller(2, ACCOUNT, TOKEN[::-1], address, f"http://{address}")

        exchange_all(HOST, server.port, [[Exchange(signed.incoming())]])
        with pytest.raises(WrongAnswer, match="403"):
            exchange_all(HOST, server.port, [[Exchange(forged.incoming())]])


@pytest.mark.sqlite
def test_the_turn_that_promises_is_measured_among_open_promises() -> None:
    result = CliRunner().invoke(bench, ["promise", "--runs", "1", "--database", "sqlite", "--size", "30"])

    assert result.exit_code == 0, result.output
    assert re.search(r"^\| 30 \| sqlite \| [0-9.]+ ms \| [0-9.]+ ms \| [0-9.]+ ms ", result.output, re.MULTILINE)


@pytest.mark.long
@pytest.mark.parametrize("name", ["sqlite", "postgres"])
def test_pages_of_the_call_log_are_measured_by_the_number_of_calls(name: str) -> None:
    result = CliRunner().invoke(bench, ["calllog", "--runs", "2", "--database", name, "--size", "60"])

    assert result.exit_code == 0, result.output
    assert re.search(rf"^\| 60 \| {name} \| the first \| 60 \| \d+ ms ", result.output, re.MULTILINE)


@pytest.mark.long
def test_the_proofs_of_the_flows_are_measured_beside_taking_every_turn() -> None:
    result = CliRunner().invoke(bench, ["flows", "--runs", "1"])

    assert result.exit_code == 0, result.output
    assert re.search(r"^2 hotlines, \d+ nodes, [\d,]+ states", result.output, re.MULTILINE)
    assert re.search(r"^\| \*\*ratio\*\* \| \d\.\d\d \| ", result.output, re.MULTILINE)


@pytest.mark.long
@pytest.mark.crash
@pytest.mark.sqlite
def test_real_clocks_are_measured_and_every_callback_is_kept_and_rung_once() -> None:
    given = ["dials", "--per-second", "2", "--seconds", "3", "--clocks", "1", "--database", "sqlite"]

    result = CliRunner().invoke(bench, given)

    assert result.exit_code == 0, result.output
    assert re.search(r"^\| sqlite \|( [0-9.]+ \|){5} 6 \| 6 \|", result.output, re.MULTILINE)
