from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner, Result

from app.cli.flows import flows
from app.proving.rules import rules


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree("ivr_flows", tmp_path / "ivr_flows"))


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(flows, [str(word) for word in words])


def test_check_proves_every_rule_of_every_hotline(folder: Path) -> None:
    result = run("check", "--folder", folder)

    lines = result.stdout.splitlines()
    assert (result.exit_code, lines[-1]) == (0, "14 flows, 250 nodes, all well")
    assert [line.split()[0] for line in lines if not line.startswith(" ")] == ["haushalt", "sac", "14"]
    assert sum(line.startswith("  proved ") for line in lines) == 2 * len(rules())


def test_check_refutes_with_keys_that_can_be_dialled(folder: Path) -> None:
    path = folder / "complaint.yaml"
    path.write_text(path.read_text("utf-8").replace("next: explained\n", "next: goodbye\n"), "utf-8")
    flow = path.read_text("utf-8").replace("complaint_solution, promise_due", "promise_due")
    path.write_text(flow, "utf-8")

    result = run("check", "--json", "--folder", folder)

    found = {each["rule"]: each for each in json.loads(result.stdout)["hotlines"][0]["rules"]}["complaint-told"]
    assert (result.exit_code, found["proved"]) == (1, False)
    assert found["evidence"] == "a complaint call ends at complaint.farewell without T8 (a solution is sought)"
    assert found["counter_example"]["script"].startswith("1,")


def test_play_replays_the_keys_of_a_refutation(folder: Path) -> None:
    path = folder / "complaint.yaml"
    path.write_text(path.read_text("utf-8").replace("complaint_solution, promise_due", "promise_due"), "utf-8")
    checked = run("check", "--json", "--folder", folder)
    rules_of_de = json.loads(checked.stdout)["hotlines"][0]["rules"]
    (example,) = [each["counter_example"] for each in rules_of_de if each["rule"] == "complaint-told"]

    played = run("play", "--folder", folder, "--from", example["from"], "--script", example["script"])

    assert example["conditions"] == ["nobody is there", "promised"]
    assert played.exit_code == 0, played.output
    assert "Ihre Beschwerde ist angenommen" in played.output
    assert "Wir sagen Ihnen zu" not in played.output
    assert "Auf Wiederhören" in played.output


def test_check_tells_the_faults_of_a_file_that_cannot_be_read(folder: Path) -> None:
    (folder / "main.yaml").write_text("welcome:\n  say: {prompt: welcome, next: nowhere}\n", encoding="utf-8")

    result = run("check", "--folder", folder)

    assert result.exit_code == 1
    assert "ivr_flows/main.yaml:2:32: leads to 'nowhere'" in result.stderr


def test_check_tells_what_callers_would_suffer_from(folder: Path) -> None:
    path = folder / "complaint.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "lost:\n  end: {}\n", encoding="utf-8")

    result = run("check", "--folder", folder)

    assert result.exit_code == 1
    assert "complaint.lost: no call can come here; lead one here, or delete it" in result.stderr


def test_draw_makes_one_picture_of_each_flow(folder: Path, tmp_path: Path) -> None:
    result = run("draw", "--folder", folder, "--to", tmp_path / "pictures")

    pictures = {path.stem: ElementTree.parse(path).getroot() for path in (tmp_path / "pictures").iterdir()}
    assert result.exit_code == 0
    assert set(pictures) == {path.stem for path in folder.glob("*.yaml")} - {"classes", "hotline"}
    texts = [text.text for text in pictures["main"].iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "main"
    assert {"welcome", "subject"} <= set(texts)
    assert {"1 to_complaint", "⇒ complaint.open"} <= set(texts)


def test_nothing_is_drawn_of_faulty_flows(folder: Path, tmp_path: Path) -> None:
    (folder / "main.yaml").write_text("welcome: {}\n", encoding="utf-8")

    result = run("draw", "--folder", folder, "--to", tmp_path / "pictures")

    assert result.exit_code == 1
    assert not (tmp_path / "pictures").exists()


def test_the_reference_is_written_beside_the_flows(folder: Path) -> None:
    written = (folder / "README.md").read_text(encoding="utf-8")
    (folder / "README.md").unlink()

    run("reference", "--folder", folder)

    assert (folder / "README.md").read_text(encoding="utf-8") == written


def test_play_is_one_of_the_commands() -> None:
    assert "play" in run("--help").stdout
