"""The page `docs/flow-rules.md`, written from the rules."""

from __future__ import annotations

from collections.abc import Iterator

from app.proving.profile import profiles
from app.proving.rule import Ground
from app.proving.rules import rules

_HEAD = """\
# What is proved of every flow

Written by `scripts/hotline flows rules` from `app/proving/rules/`; change those instead.

`scripts/hotline flows check` builds the finite graph of all calls to each hotline: nodes × tries × the answers that
matter × how the law wants calls recorded × whether somebody is there, with every answer that the office may give. It
runs the interpreter that answers real calls. Each rule is proved for all of them, or refuted by the shortest keys that
show it, which `scripts/hotline flows play --script` replays. Web, clock and command line refuse to start on flows that
a rule refutes; a verdict is kept in `VAR_DIR/proofs` under what it was proved of.

What is not confirmed was not read in the law itself and is not to be stated as law. Every rule is proved for every
hotline; where no law asks for it, the house does.

"""


def rules_page() -> str:
    """The page."""
    rows = "".join(line for rule in rules() for line in _rows(rule.name, rule.says, rule.grounds))
    profile_rows = "".join(
        f"| `{each.jurisdiction}` | {', '.join(each.first_menu)} | {each.keys_to_human} | {each.keys_to_cancel} |"
        f" {each.menu_options} |"
        f" {each.menu_depth} | {each.prompt_seconds} s | {f'{each.human_hours} h' if each.human_hours else '–'} |\n"
        for each in profiles().values()
    )
    return (
        f"{_HEAD}| rule | says | asked for by | where | confirmed | read on |\n| --- | --- | --- | --- | --- | --- |\n"
        f"{rows}\n## What the jurisdictions ask\n\n"
        "| | in the first menu | keys to a human | keys to cancel | options | depth | prompt | humans a day |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        f"{profile_rows}"
    )


def _rows(name: str, says: str, grounds: tuple[Ground, ...]) -> Iterator[str]:
    for number, ground in enumerate(grounds):
        first = (f"`{name}`", says) if number == 0 else ("", "")
        citation = ground.citation
        text = f"[{citation.text}]({citation.url})" if citation.url else citation.text
        where = ", ".join(ground.jurisdictions) or "everywhere"
        confirmed = "–" if citation.is_house_rule else "yes" if citation.confirmed else "no"
        yield f"| {first[0]} | {first[1]} | {text} | {where} | {confirmed} | {citation.read_on.isoformat()} |\n"
