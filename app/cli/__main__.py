"""The operator's command line behind `scripts/hotline`; each group is looked for only when it is wanted."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

_GROUPS: Final = {
    "calls": ("app.cli.calls:calls", "The call log."),
    "campaigns": ("app.cli.campaigns:campaigns", "Recall campaigns: who is called and written to."),
    "complaints": ("app.cli.complaints:complaints", "Complaints in and out."),
    "contracts": ("app.cli.contracts:contracts", "Contracts and orders of customers."),
    "demo": ("app.cli.demo:demo", "A small office to try things with."),
    "flows": ("app.cli.flows:flows", "What callers hear and press."),
    "journal": ("app.cli.journal:journal", "Whether what was written down is still as it was."),
    "keeping": ("app.cli.keeping:keeping", "What is kept and until when; holds, histories, erasures."),
    "recalls": ("app.cli.recalls:recalls", "Product recalls."),
    "simulate": ("app.cli.simulate:simulate", "Whole days of calls."),
    "staff": ("app.cli.staff:staff", "The people of the office."),
    "text": ("app.cli.text:text", "A customer's text messages, in the terminal."),
    "webhooks": ("app.cli.webhooks:webhooks", "Other systems that are told of events."),
    "tokens": ("app.cli.tokens:tokens", "What other systems show to use the API."),
}


class _Hotline(click.Group):
    """Its groups, by name; importing one brings only what that one needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_GROUPS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _GROUPS:
            return None
        module, name = _GROUPS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in sorted(_GROUPS.items())])


@click.command(cls=_Hotline)
def hotline() -> None:
    """The operator's commands."""


if __name__ == "__main__":
    hotline(prog_name="scripts/hotline")
