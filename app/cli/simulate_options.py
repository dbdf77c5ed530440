"""What the commands of `scripts/hotline simulate …` are told: faults, shares, moments and complaints."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.domain.errors import BadFile

if TYPE_CHECKING:
    from app.cli.simulation.matters import Matter

_YES = ("yes", "true", "1")


class FaultList(click.ParamType):  # type: ignore[type-arg]  # generic in the stub alone
    """``lose=0.01,duplicate=0.05``: what goes wrong on the wire."""

    name = "faults"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The faults, or what is wrong with the list."""
        from app.simulator.faults import Faults

        given = dict(part.strip().partition("=")[::2] for part in str(value).split(",") if part.strip())
        try:
            return Faults.of({name: _amount(text) for name, text in given.items()})
        except ValueError as error:
            self.fail(f"{error}; write for example lose=0.01,duplicate=0.05,delay=20,reorder=yes", param, ctx)


def _amount(text: str) -> float | bool:
    return True if text in _YES else float(text)


class Share(click.ParamType):  # type: ignore[type-arg]  # generic in the stub alone
    """A share of something: 1/3 or 0.25."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The share, or what is wrong with it."""
        try:
            share = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            self.fail("write a share like 1/3 or 0.25", param, ctx)
        if not 0 <= share <= 1:
            self.fail("a share lies between 0 and 1", param, ctx)
        return share


def instant(start: str) -> datetime:
    """The moment that `--start` says."""
    try:
        began_at = datetime.fromisoformat(start)
    except ValueError as error:
        raise click.BadParameter("write it like 2026-03-02T00:00+01:00", param_hint="--start") from error
    if began_at.tzinfo is None:
        raise click.BadParameter("needs its offset, e.g. +01:00", param_hint="--start")
    return began_at


def matters_of(file: Path | None) -> list[Matter]:
    """The complaints of a file, or those that come with this program; what cannot be read is told."""
    from app.cli.simulation.matters import SHIPPED, read_matters

    path = file or SHIPPED
    try:
        with path.open("rb") as rows:
            matters = read_matters(rows, path.name, lambda problem: click.echo(problem, err=True))
    except BadFile as bad:
        raise click.ClickException(str(bad)) from bad
    if not matters:
        raise click.ClickException(f"{path.name} holds no complaint")
    return matters
