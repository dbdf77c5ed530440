"""Every noun that has a table is explained in the glossary, and no name uses a word that says nothing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.everything import Base
from tests.guards.tree import files, text

MODELS = sorted(mapper.class_.__name__ for mapper in Base.registry.mappers)
NOT_WORDS_HERE = {"user", "users", "util", "utils", "helper", "helpers"}


def entries() -> list[str]:
    rows = re.findall(r"^\| \*\*(.+?)\*\* \|", text(Path("docs/glossary.md")), flags=re.MULTILINE)
    return [word.strip() for row in rows for word in row.split(",")]


def words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removesuffix("Row")).lower()


def names_given(path: Path) -> Iterator[str]:
    yield path.stem
    for node in ast.walk(ast.parse(text(path))):
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


@pytest.mark.parametrize("model", MODELS)
def test_a_model_is_named_by_a_word_of_the_glossary(model: str) -> None:
    assert words(model) in entries()


def test_a_word_has_one_entry() -> None:
    assert sorted(entries()) == sorted(set(entries()))


def test_no_name_is_a_word_that_says_nothing_here() -> None:
    ours = [path for path in files() if path.suffix == ".py" and path.parts[0] == "app"]
    names = {(str(path), name) for path in ours for name in names_given(path)}

    assert [found for found in names if NOT_WORDS_HERE & set(words(found[1]).replace("_", " ").split())] == []
