"""What holds for every file of the project."""

import re
from pathlib import Path

import pytest

from app import settings
from tests.guards.tree import ROOT, files, text

MAX_LINES = 400
CODE = {".py", ".html", ".css", ".js", ".yaml"}
# Put together here so that this file does not hold what it forbids.
PRIVATE = re.compile("|".join(["/" + "work/", "file:" + "//", "python" + "hosted", "pypi" + r"\.org", "/" + "root/"]))


def is_written_by_hand(path: Path) -> bool:
    return path.suffix in CODE and "app/migrations/versions" not in path.as_posix()


def test_a_file_has_at_most_400_lines() -> None:
    lines = {str(path): len(text(path).splitlines()) for path in files() if is_written_by_hand(path)}

    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def test_no_file_names_a_place_on_one_machine_or_a_package_index() -> None:
    assert [(str(path), found[0]) for path in files() if (found := PRIVATE.search(text(path)))] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_a_lock_file_holds_pins_hashes_and_reasons_only(path: Path) -> None:
    line = re.compile(r"[a-z0-9.\[\]-]+==\S+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|\s+#.*")

    assert [written for written in path.read_text().splitlines() if not line.fullmatch(written)] == []


def test_env_example_is_what_the_settings_say() -> None:
    assert text(Path(".env.example")) == settings.example()


def test_decisions_are_numbered_without_a_gap() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs/decisions").glob("*.md"))]

    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("path", sorted((ROOT / "docs/decisions").glob("*.md")), ids=lambda path: path.name)
def test_a_decision_has_its_number_its_context_and_its_consequences(path: Path) -> None:
    lines = path.read_text().splitlines()

    assert lines[0].startswith(f"# {path.name[:4]} · ")
    assert [line for line in lines if line.startswith("## ")] == ["## Context", "## Decision", "## Consequences"]
