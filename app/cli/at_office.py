"""Commands that work on the office's database: they build the runtime, and turn faults into messages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import click

from app.cli.on_record import on_record
from app.domain.errors import RueckrufError
from app.runtime import Runtime, read_settings
from app.settings import SettingsFault


@contextlib.contextmanager
def at_office() -> Iterator[Runtime]:
    """The runtime for one command; our own errors end it with their message and status 1."""
    try:
        office = Runtime.build(read_settings())
    except (RueckrufError, SettingsFault) as fault:
        raise click.ClickException(str(fault)) from fault
    try:
        with on_record(office):
            yield office
    except RueckrufError as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        office.close()
