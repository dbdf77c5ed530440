"""Log lines: JSON, one each, and no whole telephone number in any of them."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.logs import configure


@pytest.fixture(autouse=True)
def put_logging_back() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_both_kinds_of_logger_write_one_json_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")

    logging.getLogger("office").info("promise dialled", extra={"promise_id": 7})
    structlog.get_logger("office").info("promise dialled", promise_id=7)

    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["promise_id"], line["level"]) for line in lines] == [
        ("promise dialled", 7, "info")
    ] * 2


@pytest.mark.parametrize(
    "say",
    [
        pytest.param(lambda log: log.info("dialled +4915112345678"), id="in the message"),
        pytest.param(lambda log: log.info("dialled %s", "+4915112345678"), id="as an argument"),
        pytest.param(lambda log: log.info("dialled", extra={"to": "+4915112345678"}), id="as a field"),
        pytest.param(lambda log: log.info("dialled", extra={"body": {"To": ["+4915112345678"]}}), id="inside a field"),
        pytest.param(lambda log: log.info("GET /cases?phone=%2B4915112345678"), id="in a URL"),
    ],
)
def test_a_telephone_number_is_shortened_to_its_last_three_digits(
    capsys: pytest.CaptureFixture[str], say: object
) -> None:
    configure("INFO")

    say(logging.getLogger("office"))  # type: ignore[operator]

    line = capsys.readouterr().err
    assert "…678" in line
    assert "12345678" not in line


def test_a_number_in_a_traceback_is_shortened_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure("INFO")

    try:
        raise ValueError("no such number: +4915112345678")
    except ValueError:
        logging.getLogger("office").exception("could not dial")

    line = capsys.readouterr().err
    assert "no such number: …678" in line
    assert "12345678" not in line


def test_lines_below_the_level_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure("WARNING")

    logging.getLogger("office").info("quiet")
    structlog.get_logger("office").info("quiet")

    assert capsys.readouterr().err == ""
