"""The node types, one a file. A new file with a subclass that names its `type` is all that it takes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.ivr.flow import FlowNode


@cache
def node_types() -> dict[str, type[FlowNode]]:
    """Every node type by its word in YAML, in alphabetical order."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    found: dict[str, type[FlowNode]] = {}
    open_ended = FlowNode.__subclasses__()
    while open_ended:
        each = open_ended.pop()
        open_ended.extend(each.__subclasses__())
        # `slots=True` makes a second class of the same name; only the finished one stands in its module.
        if each.type and getattr(import_module(each.__module__), each.__name__, None) is each:
            found[each.type] = each
    return dict(sorted(found.items()))
