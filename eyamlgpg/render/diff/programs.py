"""What a change means for secrets, for programs: the fields are those of the contract."""

import json
from typing import Any

from eyamlgpg.model.diff import Diff, ListedReader, ValueChange

SCHEMA_VERSION = 1


def diff_as_json(made: Diff) -> str:
    """One document; plaintexts stand in it only where they were asked for."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "recipients": [
            {
                "path": one.path,
                "state": one.state,
                "added": [_listed(reader) for reader in one.added],
                "removed": [_listed(reader) for reader in one.removed],
            }
            for one in made.lists
        ],
        "settings": [{"path": one.path, "what": one.what} for one in made.settings],
        "changes": [_change(one, shows=made.has_plaintexts) for one in made.changes],
        "texts": [{"path": one.path, "added": one.added, "removed": one.removed} for one in made.texts],
        "renamed": [{"from": old, "to": new} for old, new in made.renamed],
        "people": [{"fingerprint": one.id, "user_id": one.user_id, "source": one.source} for one in made.parties],
        "errors": [{"message": one.sentence, "hints": one.hints, "status": one.status} for one in made.errors],
    }
    return json.dumps(document, indent=2) + "\n"


def _listed(reader: ListedReader) -> dict[str, str]:
    return {"fingerprint": reader.id, "user_id": reader.name}


def _change(one: ValueChange, *, shows: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "path": one.path,
        "key": one.key,
        "line": one.line,
        "kind": one.kind.value,
        "same_value": one.same_value,
        "added_readers": one.added_readers,
        "removed_readers": one.removed_readers,
        "from_path": one.from_path,
        "from_key": one.from_key,
        "because": one.because,
    }
    if shows:
        told["old"], told["new"] = _text(one.old), _text(one.new)
    return told


def _text(plaintext: bytes | None) -> str | None:
    return None if plaintext is None else plaintext.decode("utf-8", "backslashreplace")
