"""`scripts/hotline flows check`: what is wrong with the flows, and every rule of every hotline with its verdict."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from app.domain.clock import SystemClock
from app.domain.errors import BadFile
from app.ivr.checks import check_flows
from app.ivr.hotline_file import load_hotlines
from app.ivr.loader import load_flows
from app.ivr.words import Words
from app.proving.prompt_classes import load_classes
from app.proving.prove import prove_all


@click.command()
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path("ivr_flows"),
    show_default=True,
    help="Where the flows are.",
)
@click.option("--json", "as_json", is_flag=True, help="Write everything as one JSON document.")
def check(folder: Path, *, as_json: bool) -> None:
    """Tell every fault of the files, and prove or refute every rule for every hotline."""
    try:
        found = _check(folder)
    except BadFile as bad:
        found = {"faults": [str(fault) for fault in bad.faults], "hotlines": []}
    is_well = not found["faults"] and all(report["proved"] for report in found["hotlines"])
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for fault in found["faults"]:
            click.echo(fault, err=True)
        for report in found["hotlines"]:
            for line in _lines(report):
                click.echo(line)
        if is_well:
            click.echo(found["summary"])
    if not is_well:
        raise SystemExit(1)


def _check(folder: Path) -> dict[str, Any]:
    words = Words.load(folder / "prompts")
    flows = load_flows(folder, words)
    hotlines = load_hotlines(folder / "hotline.yaml", flows=flows.entries, languages=flows.languages)
    begins = tuple(dict.fromkeys(hotline.flow for hotline in hotlines))
    today = SystemClock().now().date()
    reports = prove_all(flows, words, load_classes(folder), hotlines, on=today)
    return {
        "summary": f"{len(flows.entries)} flows, {len(flows.nodes)} nodes, all well",
        "faults": [str(fault) for fault in check_flows(flows, words, begins)],
        "hotlines": [report.to_json() for report in reports],
    }


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    """A hotline's verdicts for people."""
    yield f"{report['hotline']} ({report['jurisdiction']}): {report['states']} states, {report['edges']} ways"
    for each in report["rules"]:
        yield f"  {'proved ' if each['proved'] else 'REFUTED'}  {each['rule']:<18} {each['evidence']}"
        if not each["proved"]:
            yield f"           {each['says']} {'; '.join(map(_ground, each['grounds']))}"
            if each["counter_example"]:
                yield f"           keys: {each['counter_example']['keys']}"
            if each["counter_example"] and each["counter_example"]["replay"]:
                yield f"           scripts/hotline {each['counter_example']['replay']}"


def _ground(ground: Mapping[str, Any]) -> str:
    is_house_rule = str(ground["text"]).startswith("house rule")
    return f"{ground['text']}{'' if ground['confirmed'] or is_house_rule else ' (unconfirmed)'}"
