"""`scripts/hotline flows play`: a call held in the terminal, typed by a script."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.flows_play import make_move, play, read_moves
from app.domain.errors import BadFile
from app.simulator.carrier import Carrier
from app.simulator.transport import WsgiTransport

ASKING = (
    b'<Response><Gather input="dtmf speech" action="/next" actionOnEmptyResult="true"><Say>?</Say></Gather></Response>'
)


def a_hotline_that_always_asks(environ, start_response):  # type: ignore[no-untyped-def]
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [ASKING]


@pytest.mark.parametrize(
    ("typed", "noted"),
    [("12#", ("pressed", "12#")), ("ja, bitte", ("said", "ja, bitte")), ("h", ("state", "hung up"))],
)
def test_what_is_typed_is_pressed_said_or_hangs_up(typed: str, noted: tuple[str, str]) -> None:
    carrier = Carrier("AC1", "token", "http://127.0.0.1:8000", transport=WsgiTransport(a_hotline_that_always_asks))
    line = carrier.dial("+493023125042", "+493012345600")

    make_move(line, typed)

    assert noted in [(item.kind, item.text) for item in line.items]


def test_an_empty_line_is_silence() -> None:
    carrier = Carrier("AC1", "token", "http://127.0.0.1:8000", transport=WsgiTransport(a_hotline_that_always_asks))
    line = carrier.dial("+493023125042", "+493012345600")

    make_move(line, "")

    assert [item.kind for item in line.items if item.kind in ("pressed", "said")] == []
    assert len(line.documents) == 2, "the hotline asked again"


def test_a_call_is_held_by_a_script_and_its_saved_copy_holds_it_again(tmp_path: Path) -> None:
    saved = tmp_path / "call.yaml"
    first = CliRunner().invoke(play, ["--script", "9,h", "--save", str(saved)], catch_exceptions=False)

    again = CliRunner().invoke(play, ["--script", str(saved)], catch_exceptions=False)

    assert first.exit_code == 0, first.output
    assert "Hotline  [de-DE] Willkommen" in first.output
    assert read_moves(str(saved)) == ["9", "h"]
    assert again.output == first.output.replace(f"saved as {saved}\n", "")


def test_who_types_no_more_hangs_up() -> None:
    held = CliRunner().invoke(play, ["--to", "+551130001234"], input="", catch_exceptions=False)

    assert held.exit_code == 0, held.output
    assert held.output.count("Hotline  [pt-BR]") >= 1
    assert "(hung up)" in held.output


def test_a_file_of_another_form_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "other.yaml"
    file.write_text("greeting: hello\n")

    with pytest.raises(BadFile, match=r"other\.yaml:1:1: is no saved conversation"):
        read_moves(str(file))
