"""`scripts/hotline flows play`: a telephone in the terminal, against the product in this process.

Nothing is kept but what `--save` writes: the conversation, with what was typed, to be held again by `--script`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
import yaml  # noqa: TID251 - only written here, and read by `read_yaml`

from app.domain.errors import BadFile
from app.domain.yaml_source import read_yaml

if TYPE_CHECKING:
    from app.simulator.leg import Item
    from app.simulator.line import Line

KEYS = frozenset("0123456789*#")
SECONDS_FOR_TEXTS = 10  # of the office's clock, after the call
HANG_UP = ("h", "hang-up")
FIRST_CALLER = "+493023125042"
WAITS = {
    "keys": "a key or words",
    "speech": "words",
    "record": "your words, recorded (# ends)",
    "queue": "a free agent",
    "talk": "what you say",
}


@dataclass
class Exchange:
    """What was heard, and what the caller then typed; None if the call was over."""

    heard: list[str] = field(default_factory=list)
    typed: str | None = None


def make_move(line: Line, typed: str) -> None:
    """Do on the line what was typed: keys, `h` to hang up, nothing for silence, other words to be said."""
    if typed in HANG_UP:
        line.hang_up()
    elif not typed:
        line.stay_silent()
    elif set(typed) <= KEYS:
        line.press(typed)
    else:
        line.say(typed)


def hold_call(line: Line, moves: Iterator[str], show: Callable[[str], None]) -> list[Exchange]:
    """Hold the call until it is over; when the moves run out, the caller hangs up."""
    exchanges: list[Exchange] = []
    seen = 0
    while True:
        fresh, seen = line.items[seen:], len(line.items)
        for item in fresh:
            text = describe(item)
            if text:
                show(text)
        exchanges.append(Exchange([words_of(item) for item in fresh if item.kind == "heard"]))
        if line.over:
            return exchanges
        show(f"  … waits for {WAITS.get(line.waiting_for or '', 'nothing yet')}")
        typed = next(moves, HANG_UP[1]).strip()
        exchanges[-1].typed = typed
        make_move(line, typed)


def words_of(item: Item) -> str:
    """What was heard, in words; a sound whose words nobody knows has none."""
    return "(a sound)" if item.text.startswith(("http://", "https://")) else item.text


def describe(item: Item) -> str:
    """One line of the conversation, "" for what says nothing to the one who holds it."""
    match item.kind:
        case "heard":
            language = f"[{item.language}] " if item.language else ""
            return f"Hotline  {language}{words_of(item)}"
        case "pressed":
            return f"You      press {item.text}"
        case "said":
            return f"You      “{item.text}”"
        case "beep":
            return "         (beep)"
        case "recording":
            return f"         (recording {item.text})"
        case "state":
            return f"         ({item.text})"
    return f"         {item.text}"


def read_moves(script: str) -> list[str]:
    """The moves of a script: a file that `--save` wrote, or moves with commas between.

    Raises:
        BadFile: if it is a file of another form.
    """
    if not script.endswith((".yaml", ".yml")):
        return [move.strip() for move in script.split(",")]
    root = read_yaml(Path(script))
    if "steps" not in root.entries():
        raise BadFile([root.fault("is no saved conversation: it holds no `steps`")])
    steps = [step.entries() for step in root.entries()["steps"].items()]
    return [step["then"].text() for step in steps if "then" in step]


def save_call(path: Path, line: Line, began_at: datetime, exchanges: list[Exchange]) -> None:
    """Write the conversation as a file that `--script` reads."""
    steps = [
        {"hears": exchange.heard} | ({} if exchange.typed is None else {"then": exchange.typed})
        for exchange in exchanges
    ]
    call = {"from": line.leg.from_, "to": line.leg.to, "at": began_at.isoformat(), "steps": steps}
    with path.open("w", encoding="utf-8") as file:
        yaml.safe_dump(call, file, sort_keys=False, allow_unicode=True, width=4096)


def _typed() -> Iterator[str]:
    while True:
        try:
            yield click.prompt("You", default="", show_default=False, prompt_suffix=" > ")
        except click.Abort:
            return


@click.command()
@click.option("--from", "from_", default=FIRST_CALLER, show_default=True, metavar="E164", help="Who calls.")
@click.option("--to", default=None, metavar="NUMBER", help="The number that is called; default: the first one.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d %H:%M"]),
    default="2026-03-02 09:00",
    show_default=True,
    help="When, in UTC; the default is a Monday in opening hours.",
)
@click.option("--script", default=None, help='What to do, "1,2,hang-up", or a file that --save wrote; then hang up.')
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("ivr_flows"),
    show_default=True,
    help="Where the flows are; also flows that `flows check` refutes.",
)
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the conversation to a YAML file.")
def play(from_: str, to: str | None, at: datetime, script: str | None, folder: Path, save: Path | None) -> None:
    """Call the hotline from this terminal.

    Digits press keys, h hangs up, an empty line is silence, anything else is said.
    """
    from app.cli.throwaway import throwaway_office  # brings the whole product and the phone network

    began_at = at.replace(tzinfo=UTC)
    try:
        moves = iter(read_moves(script)) if script is not None else _typed()
        with throwaway_office(began_at, flows=folder) as office:
            called = to or office.number
            click.echo(f"{from_} calls {called}. Digits press keys, h hangs up, an empty line is silence.")
            line = office.call(from_, called)
            exchanges = hold_call(line, moves, click.echo)
            office.run(seconds=SECONDS_FOR_TEXTS)
            for text in office.carrier.texts:
                click.echo(f"Text     {text.body}")
            refused = [f"{one.code}: {one.message} ({one.url})" for one in office.carrier.faults_seen]
    except BadFile as bad:
        raise click.ClickException(str(bad)) from bad
    if save is not None:
        save_call(save, line, began_at, exchanges)
        click.echo(f"saved as {save}")
    if refused:
        raise click.ClickException("the phone network refused:\n" + "\n".join(refused))
