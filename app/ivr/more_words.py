"""The words of a language may stand in several files: `prompts/de.yaml`, and the files of the folder `prompts/de`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from app.domain.errors import BadFile
from app.domain.yaml_source import Node, read_yaml


def with_more_words(root: Node, folder: Path, parts: Collection[str]) -> Node:
    """The first file of a language with what its other files add, as if all of it stood in one.

    Args:
        folder: of the other files; it need not exist.
        parts: what other files may consist of.

    Raises:
        BadFile: if one of them is faulty, or holds something that another one holds already.
    """
    entries, faults = dict(root.entries()), []
    for path in sorted(folder.glob("*.yaml")):
        more = read_yaml(path, f"{folder.parent.name}/{folder.name}/{path.name}")
        faults += more.unknown_keys(parts)
        for part in (name for name in more.entries() if name in parts):
            before, added = entries.get(part), more.entries()[part]
            known = before.entries() if before is not None else {}
            faults += [
                node.fault(f"{name!r} stands in line {known[name].line} of {known[name].file} already; keep it once")
                for name, node in added.entries().items()
                if name in known
            ]
            place = before or added
            keys = {**place.keys, **added.keys}
            entries[part] = replace(place, content={**known, **added.entries()}, keys=keys)
    if faults:
        raise BadFile(faults)
    return replace(root, content=entries)
