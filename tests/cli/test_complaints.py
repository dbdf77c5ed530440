"""The operator's commands for complaints and recalls, on a fresh office."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from app.cli.complaints import complaints
from app.cli.recalls import recalls
from tests.cfpb_rows import ROOT, real_rows

COMPLAINTS = str(ROOT / "data" / "cfpb_complaints.jsonl")
RECALLS = str(ROOT / "data" / "cpsc_recalls_rest.json")


@pytest.fixture
def operator(environ, sqlite_url, monkeypatch):
    """Runs a command as scripts/hotline does."""
    for name, value in {**environ, "DATABASE_URL": sqlite_url}.items():
        monkeypatch.setenv(name, value)
    return lambda group, *words: CliRunner().invoke(group, [str(word) for word in words], catch_exceptions=False)


def test_complaints_go_in_and_come_out_as_they_were(operator, tmp_path):
    first = operator(complaints, "import", COMPLAINTS)
    again = operator(complaints, "import", COMPLAINTS)
    operator(complaints, "export", tmp_path / "out.jsonl")
    out = operator(complaints, "export", "--format", "csv", tmp_path / "out.csv")

    with open(COMPLAINTS) as file:
        rows = [json.loads(line) for line in file]
    assert (first.exit_code, first.stdout) == (0, "8 imported, 0 here already, 0 left out\n")
    assert again.stdout == "0 imported, 8 here already, 0 left out\n"
    assert [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()] == rows
    assert out.stderr == "8 complaints written\n"
    assert (tmp_path / "out.csv").read_text().startswith("Complaint ID,Date received,")


def test_a_bad_row_is_told_with_file_and_line_and_fails_the_command(operator, tmp_path):
    file = tmp_path / "bad.jsonl"
    file.write_text(json.dumps(real_rows()[0]) + "\n{oops\n")

    result = operator(complaints, "import", file)

    assert result.exit_code == 1
    assert result.stdout == "1 imported, 0 here already, 1 left out\n"
    assert result.stderr.startswith(f"{file}:2: no JSON")


def test_another_file_is_refused_in_one_sentence(operator):
    result = operator(complaints, "import", RECALLS)

    assert result.exit_code == 1
    assert "no CFPB complaints: expected 'Complaint ID'" in result.stderr


def test_the_scheme_is_printed_as_schema_and_as_table(operator):
    schema = json.loads(operator(complaints, "scheme").stdout)
    table = operator(complaints, "scheme", "--markdown").stdout

    assert schema["$id"] == "/schemas/complaint-1.json"
    assert table == (ROOT.parent / "docs" / "complaint-record.md").read_text()


def test_recalls_go_in_and_are_looked_up(operator):
    imported = operator(recalls, "import", RECALLS)
    match = operator(recalls, "look-up", "HANS 0002")

    assert imported.stdout == "3 imported, 0 changed, 0 here already, 0 left out; 1 bar codes are doubtful\n"
    assert match.stdout.startswith("match: exact\ncpsc 26651: HARPPA")
