"""Who may import whom, and that what is imported is asked for."""

import ast
import re
import subprocess
import sys
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.guards.tree import ROOT, files, text

# Drivers, data and servers: used by name, never imported by our code.
NOT_IMPORTED = {"psycopg", "tzdata", "granian"}
# Parts of what is required, by their own names.
PART_OF = {"werkzeug": "flask", "jinja2": "flask", "markupsafe": "flask", "wtforms": "flask-wtf", "webargs": "apiflask"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@cache
def imported_distributions() -> set[str]:
    names: set[str] = set()
    for path in files():
        if path.suffix == ".py" and path.parts[0] == "app":
            for node in ast.walk(ast.parse(text(path))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module.partition(".")[0])
    distributions = packages_distributions()
    foreign = names - set(sys.stdlib_module_names) - {"app"}
    found = {normal(name) for package in foreign for name in distributions.get(package, [package])}
    return {PART_OF.get(name, name) for name in found}


def required() -> set[str]:
    lines = (line.partition("#")[0].strip() for line in text(Path("requirements.in")).splitlines())
    return {normal(re.split(r"[\[<>=~]", line)[0]) for line in lines if line}


def test_the_import_contracts_hold() -> None:
    result = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout


def test_a_process_knows_every_table_to_which_its_rows_may_point() -> None:
    """A clock that knew no campaigns could write no attempt, whatever the attempt was for."""
    looks = "import app.runtime; from app.models.base import Base; Base.metadata.sorted_tables"
    result = subprocess.run([sys.executable, "-c", looks], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stderr


def test_what_the_product_imports_is_in_its_requirements() -> None:
    assert imported_distributions() - required() == set()


def test_what_is_required_is_used() -> None:
    assert required() - imported_distributions() - NOT_IMPORTED == set()


def test_every_requirement_has_its_reason() -> None:
    explained = text(Path("docs/decisions/0010-dependencies.md"))

    assert [name for name in sorted(required()) if f"`{name}`" not in explained.lower()] == []
