"""What Flask compiles for every application it makes, compiled once: nearly every test makes an application."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any, Final

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.routing import Rule


class CompiledTemplates(BytecodeCache):
    """What Jinja made of each template, for as long as its source stays the same."""

    def __init__(self) -> None:
        self._known: Final[dict[str, tuple[str, CodeType | None]]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        checksum, code = self._known.get(bucket.key, ("", None))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key] = (bucket.checksum, bucket.code)


class CompiledRule(Rule):
    """A rule whose way back to an address is a function of what is written in it, and of nothing else."""

    known: Final[dict[object, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        written = (self.rule, self.subdomain, self.host, repr(self.defaults), append_unknown)
        if written not in self.known:
            self.known[written] = super()._compile_builder(append_unknown)
        return self.known[written]


def compile_once() -> None:
    """Have all applications of this process share what is compiled."""
    options: dict[str, Any] = {"bytecode_cache": CompiledTemplates()}
    Flask.jinja_options = options
    Flask.url_rule_class = CompiledRule
