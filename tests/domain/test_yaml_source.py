from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadFile
from app.domain.yaml_source import MAX_BYTES, Node, parse_yaml, read_yaml


def _faults(source):
    with pytest.raises(BadFile) as bad:
        parse_yaml(source, "menu.yaml")
    return str(bad.value)


def test_nothing_is_guessed_from_what_was_typed():
    root = parse_yaml("a: 0042\nb: [no, 8:30, '08', ~]\non: yes\nempty:\n", "menu.yaml")

    assert root.plain() == {"a": "0042", "b": ["no", "8:30", "08", "~"], "on": "yes", "empty": ""}


def test_every_node_and_every_key_knows_its_place():
    root = parse_yaml("first:\n  - one\n  - two\nsecond: x\n", "menu.yaml")

    two = root.entries()["first"].items()[1]

    assert str(two.fault("is wrong")) == "menu.yaml:3:5: is wrong"
    assert str(root.key_fault("second", "is wrong")) == "menu.yaml:4:1: is wrong"


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("", "menu.yaml:1:1: is empty"),
        ("a: 1\na: 2\n", "menu.yaml:2:1: key 'a' stands here twice"),
        ("a: &x 1\nb: 2\n", "menu.yaml:1:4: anchor &x: repeat the content instead"),
        ("a: *x\n", "menu.yaml:1:4: alias *x: repeat the content instead"),
        ("a: !own 3\n", "menu.yaml:1:4: tag !own: write plain text"),
        ("? [a]\n: b\n", "menu.yaml:1:3: a key must be text"),
        ("a: [1\n", "menu.yaml:2:1: is no YAML: did not find expected ',' or ']'"),
        ("a: 1\n---\nb: 2\n", "menu.yaml:2:1: begins another document; one is read"),
        ("a\x00b", "menu.yaml:1:1: is no YAML: unacceptable character"),
        ("[" * 60 + "]" * 60, "menu.yaml:1:41: deeper than 40 levels"),
        ("[" * 1200, "menu.yaml:1:41: deeper than 40 levels"),
    ],
    ids=[
        "empty",
        "twice",
        "anchor",
        "alias",
        "tag",
        "key",
        "open list",
        "documents",
        "control sign",
        "deep",
        "very deep",
    ],
)
def test_a_faulty_text_is_refused_with_its_place(source, fault):
    assert _faults(source).startswith(fault)


def test_all_duplicate_keys_are_reported_at_once():
    assert _faults("a: 1\na: 2\nb: {c: 1, c: 2}\n").splitlines() == [
        "menu.yaml:2:1: key 'a' stands here twice",
        "menu.yaml:3:11: key 'c' stands here twice",
    ]


@pytest.mark.parametrize(
    ("read", "fault"),
    [
        (lambda root: root.text(), "menu.yaml:1:1: expected text"),
        (lambda root: root.items(), "menu.yaml:1:1: expected a list"),
        (lambda root: root.entries()["a"].entries(), "menu.yaml:1:4: expected a mapping"),
    ],
    ids=["text", "list", "mapping"],
)
def test_content_of_another_shape_is_refused(read, fault):
    with pytest.raises(BadFile) as bad:
        read(parse_yaml("a: x\n", "menu.yaml"))

    assert str(bad.value) == fault


def test_an_unknown_key_is_reported_with_a_guess():
    root = parse_yaml("promt: x\nzzz: y\nkeys: z\n", "menu.yaml")

    assert [str(fault) for fault in root.unknown_keys(["prompt", "keys"])] == [
        "menu.yaml:1:1: unknown key 'promt'; did you mean 'prompt'?",
        "menu.yaml:2:1: unknown key 'zzz'; known are keys, prompt",
    ]


def test_a_file_is_read_under_the_name_it_is_given(tmp_path):
    path = tmp_path / "menu.yaml"
    path.write_text("a: 1\n", encoding="utf-8-sig")

    assert read_yaml(path, "menu.yaml").plain() == {"a": "1"}
    assert read_yaml(path).file == str(path)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"a: 1\nb: \xff\n", "menu.yaml:2:1: is not UTF-8"),
        (b"#" * (MAX_BYTES + 1), f"menu.yaml:1:1: has {MAX_BYTES + 1} bytes, at most {MAX_BYTES} are read"),
        (None, "menu.yaml:1:1: cannot be read: No such file or directory"),
    ],
    ids=["bytes", "large", "missing"],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path, content, fault):
    path = tmp_path / "menu.yaml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(BadFile) as bad:
        read_yaml(path, "menu.yaml")

    assert str(bad.value) == fault


def _read(source):
    try:
        return parse_yaml(source, "menu.yaml")
    except BadFile as bad:
        return bad


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(source):
    found = _read(source)

    assert isinstance(found, Node) or str(found).startswith("menu.yaml:")
