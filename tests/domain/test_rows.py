"""Files of rows: told apart, read whole, bad rows reported where they begin."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadFile
from app.domain.row_file import read_rows
from app.domain.rows import BadRow, Row


def read(content: bytes):
    return list(read_rows(io.BytesIO(content), "file", lambda names, name, line: None))


def told(content: bytes):
    """Line and cells of good rows, line and problem of bad ones."""
    return [(row.line, row.cells if isinstance(row, Row) else row.problem) for row in read(content)]


def test_a_row_begins_on_its_physical_line_also_after_cells_with_line_breaks():
    rows = told(b'\xef\xbb\xbfa,b\r\n1,"x\r\ny ""q"""\r\n\r\n2,\r\n')

    assert rows == [(2, {"a": "1", "b": 'x\r\ny "q"'}), (5, {"a": "2", "b": None})]


def test_a_row_with_cells_missing_is_reported_once_and_the_next_one_is_read():
    rows = told(b'a,b\n"1\n2"\n3,4\n')

    assert rows == [(2, "1 cells, but the heading has 2"), (4, {"a": "3", "b": "4"})]


def test_a_stray_quote_costs_its_own_row_only():
    rows = told(b'a,b\n1,"never closed\n2,ok\n3,"multi\nline"\n4,ok\n')

    assert [line for line, _ in rows] == [2, 3, 4, 6]
    assert isinstance(rows[0][1], str)
    assert [cells["a"] for _, cells in rows[1:]] == ["2", "3", "4"]


def test_bytes_that_are_no_utf8_cost_their_own_row_only():
    rows = told(b"a,b\n1,\xe4\n2,ok\n")

    assert rows == [(2, "b: is not valid UTF-8"), (3, {"a": "2", "b": "ok"})]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_usual_delimiters_are_understood(delimiter):
    assert told(f"a{delimiter}b\n1{delimiter}2,5\n".encode()) == [(2, {"a": "1", "b": "2,5"})]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"a":}', "no JSON: Expecting value in column 6"),
        (b"[1]", "expected an object, found list"),
        (b'{"a":1,"a":2}', "the name 'a' comes twice"),
        (b'{"a":"\\ud800"}', "a: is not valid UTF-8"),
        (b'{"a":"\\u0000"}', "a: holds a NUL character"),
        (b'{"a":NaN}', "NaN is no JSON number that can be kept"),
        (b'{"a":1e999}', "1e999 is no JSON number that can be kept"),
        (b'{"a":' + b"9" * 5000 + b"}", "no JSON number that can be kept"),
        (b'{"a":1} x', "no JSON: more follows in column 8"),
        (b'{"a":' * 20000, "nested too deeply"),
    ],
)
def test_a_bad_line_of_json_is_reported_and_the_next_one_is_read(line, problem):
    rows = told(b'{"a":0}\n\n' + line + b'\n{"a":3}\n')

    assert rows == [(1, {"a": 0}), (3, problem), (4, {"a": 3})]


def test_a_list_is_read_whether_its_objects_stand_on_one_line_or_many():
    rows = told(b'[\n{"a":1},\n{"a":\n2}, {"a":3}\n, 5,\n{"a":},\n{"a":4}\n]\n')

    assert rows == [
        (2, {"a": 1}),
        (3, {"a": 2}),
        (4, {"a": 3}),
        (5, "expected an object, found int"),
        (6, "no JSON: Expecting value in column 6"),
        (7, {"a": 4}),
    ]


def test_a_list_that_was_cut_off_gives_what_is_whole():
    rows = read(b'[{"a":1},{"a":2},{"a":')

    assert [row.cells["a"] for row in rows[:2]] == [1, 2]
    assert isinstance(rows[2], BadRow)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n \n",
        b"PK\x03\x04rest",
        b"\x1f\x8bzip",
        "a,b\n1,2\n".encode("utf-16"),
        b"<html>",
        b"a\x00b",
        b"%PDF-1.7",
    ],
)
def test_another_kind_of_file_is_refused_by_name(content):
    with pytest.raises(BadFile, match=r"^file:1: "):
        read(content)


@pytest.mark.parametrize("heading", [b"a,a\n", b"a,,b\n", b'a,"b\n'])
def test_a_heading_that_is_not_clear_is_refused(heading):
    with pytest.raises(BadFile, match="heading"):
        read(heading + b"1,2\n")


@given(st.lists(st.dictionaries(st.text(max_size=5), st.text(), min_size=1), min_size=1, max_size=8), st.booleans())
def test_every_list_comes_through_word_for_word(objects, pretty):
    fit = [one for one in objects if "\x00" not in json.dumps(one, ensure_ascii=False).replace("\\u0000", "\x00")]
    content = json.dumps(fit, ensure_ascii=False, indent=1 if pretty else None).encode()

    assert [row.cells for row in read(content)] == fit
