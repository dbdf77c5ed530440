from __future__ import annotations

import inspect
import re

import pytest

from app.domain import errors


def _drawn() -> dict[str, tuple[str, int]]:
    """The tree of the docstring: class → (parent, HTTP status)."""
    found: dict[str, tuple[str, int]] = {}
    path: list[str] = []
    for line in errors.__doc__.splitlines():
        drawn = re.fullmatch(r"    ([│ ]*)(?:[├└]── )?(\w+) +(\d{3})", line)
        if drawn:
            depth = 0 if "──" not in line else 1 + len(drawn[1]) // 4
            path = [*path[:depth], drawn[2]]
            found[drawn[2]] = (path[-2] if depth else "Exception", int(drawn[3]))
    return found


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes():
    classes = {
        name: cls.__base__.__name__
        for name, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.RueckrufError)
    }

    assert {name: parent for name, (parent, _) in _drawn().items()} == classes


def test_a_child_without_a_reason_of_its_own_has_the_status_of_its_parent():
    assert _drawn()["WrongState"][1] == _drawn()["Conflict"][1] == 409
    assert _drawn()["NetworkRefused"][1] == _drawn()["NetworkUnknown"][1] == 502


@pytest.mark.parametrize(
    "cls", [cls for _, cls in inspect.getmembers(errors, inspect.isclass) if cls.__module__ == errors.__name__]
)
def test_every_error_says_when_it_is_raised(cls):
    assert cls.__doc__


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (errors.NotFound("case"), "no such case"),
        (errors.NotAllowed("close a case"), "not allowed to close a case"),
        (errors.WrongState("promise", "kept", "open"), "promise is kept, expected open"),
        (errors.Invalid("phone", "not a valid number"), "phone: not a valid number"),
        (errors.NetworkRefused("number blocked", permanent=True, code=21216), "number blocked"),
        (errors.LawUnknown("xx", "calling_hours"), "no rule for calling_hours in force in 'xx'"),
        (errors.BadFile(["a.yaml:1:1: is empty", "a.yaml:2:1: too"]), "a.yaml:1:1: is empty\na.yaml:2:1: too"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_an_error_says_what_is_wrong(error, message):
    assert str(error) == message


def test_a_refusal_carries_what_the_dispatcher_needs():
    refusal = errors.NetworkRefused("number blocked", permanent=True, code=21216)

    assert (refusal.permanent, refusal.code) == (True, 21216)
