"""What `flows check` costs, from the start of its process on, beside taking every turn of the graph once.

The yardstick is what any proof over these graphs must do that remembers nothing: let the interpreter take each turn of
each state. A ratio under one means that the files are read, the graphs are built and all rules are proved in less.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from app.domain.clock import SystemClock
from app.ivr.hotline_file import load_hotlines
from app.ivr.interpreter import interpret
from app.ivr.loader import load_flows
from app.ivr.words import Words
from app.proving.explore import explore
from app.proving.office import beginnings
from app.proving.prove import consent_modes
from app.proving.rules import rules
from app.proving.states import BEFORE, Graph


def measure_flows(runs: int, folder: Path, tell: Callable[[str], None]) -> None:
    """Measure, and tell a table line by line; seconds of processor time of one core, medians.

    Args:
        runs: of each side, alternating.
        folder: of the flows.
    """
    flows = load_flows(folder, Words.load(folder / "prompts"))
    hotlines = load_hotlines(folder / "hotline.yaml", flows=flows.entries, languages=flows.languages)
    today = SystemClock().now().date()
    graphs = [explore(flows, hotline, beginnings(consent_modes(hotline, on=today))) for hotline in hotlines]
    ours, yardsticks = [], []
    for _ in range(runs):
        yardsticks.append(_every_turn(graphs))
        ours.append(_whole_command(folder))
    states, edges = (
        sum(len(each) for each in them) for them in zip(*((g.states, g.edges) for g in graphs), strict=True)
    )
    taken = sum(len({edge.alike for edge in graph.edges}) for graph in graphs)
    tell(f"{len(graphs)} hotlines, {len(flows.nodes)} nodes, {states:,} states, {edges:,} ways, {len(rules())} rules")
    tell(f"turns taken by the interpreter: {taken:,}, {taken / edges:.0%} of the ways")
    tell("")
    tell("| | CPU s: least | median | greatest |")
    tell("| --- | --: | --: | --: |")
    for name, times in (("`flows check`, whole process", ours), ("every turn once", yardsticks)):
        tell(f"| {name} | {min(times):.2f} | {median(times):.2f} | {max(times):.2f} |")
    ratios = sorted(one / other for one, other in zip(ours, yardsticks, strict=True))
    tell(f"| **ratio** | {ratios[0]:.2f} | **{median(ratios):.2f}** | {ratios[-1]:.2f} |")


def _every_turn(graphs: list[Graph]) -> float:
    before = time.process_time()
    for graph in graphs:
        language = graph.hotline.main_language
        for edge in graph.edges:
            if edge.source != BEFORE:
                interpret(graph.flows, graph.position(graph.states[edge.source], language), edge.move.heard)
    return time.process_time() - before


def _whole_command(folder: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "app.cli", "flows", "check", "--folder", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
