from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import BadFile
from app.ivr.hotline_file import load_hotlines
from app.ivr.loader import load_flows
from app.ivr.words import Words
from app.proving import kept
from app.proving.kept import kept_reports, refutations
from app.runtime import Runtime
from app.settings import Settings

TODAY = date(2026, 3, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree("ivr_flows", tmp_path / "ivr_flows"))


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """What these tests make up is believed by nobody after them."""
    yield
    kept._in_this_process.clear()


def reports_of(folder: Path, kept_in: Path) -> list[dict[str, Any]]:
    """As a process would read them that has just begun."""
    kept._in_this_process.clear()
    words = Words.load(folder / "prompts")
    flows = load_flows(folder, words)
    hotlines = load_hotlines(folder / "hotline.yaml", flows=flows.entries, languages=flows.languages)
    return kept_reports(flows, words, hotlines, folder=folder, kept_in=kept_in, on=TODAY)


def break_it(folder: Path) -> None:
    path = folder / "main.yaml"
    path.write_text(path.read_text("utf-8").replace("to: cancellation}", "to: information}"), "utf-8")


def test_a_verdict_is_kept_and_read_again(folder: Path, tmp_path: Path) -> None:
    proved = reports_of(folder, tmp_path / "proofs")
    (file,) = (tmp_path / "proofs").iterdir()
    read_again = [{"hotline": "haushalt", "rules": [], "states": "read again"}]
    file.write_text(json.dumps(read_again), "utf-8")

    assert refutations(proved) == []
    assert reports_of(folder, tmp_path / "proofs") == read_again


def test_a_changed_flow_is_proved_anew_and_refuted(folder: Path, tmp_path: Path) -> None:
    reports_of(folder, tmp_path / "proofs")
    break_it(folder)

    lines = refutations(reports_of(folder, tmp_path / "proofs"))

    told = "haushalt: first-menu is refuted: no key of the first menu, main.subject, opens a cancellation"
    assert any(told in line for line in lines)
    assert len(list((tmp_path / "proofs").iterdir())) == 2


def test_a_damaged_verdict_is_proved_anew(folder: Path, tmp_path: Path) -> None:
    proved = reports_of(folder, tmp_path / "proofs")
    (file,) = (tmp_path / "proofs").iterdir()
    file.write_text("[", "utf-8")

    assert reports_of(folder, tmp_path / "proofs") == proved


def test_no_process_starts_on_refuted_flows(folder: Path, settings: Settings) -> None:
    break_it(folder)

    with pytest.raises(BadFile, match="first-menu is refuted"):
        Runtime.build(settings.model_copy(update={"hotline_config": folder / "hotline.yaml"}))
