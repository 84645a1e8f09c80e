"""The files of `.eyamlgpg` are no Hiera data, and hold no secret either: not in clear text, and no secret key."""

from collections.abc import Iterator, Sequence

from eyamlgpg.errors import FormatError
from eyamlgpg.formats.openpgp import certificate
from eyamlgpg.formats.text import decode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.findings import Finding
from eyamlgpg.operations.tree.stored_keys import KEYS
from eyamlgpg.rules.kinds import ClearTextRule
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import private_key
from eyamlgpg.rules.plaintext.order import BY_FORM
from eyamlgpg.rules.reading.clear import Clear
from eyamlgpg.rules.rule import Place

_TAKE_IT_AWAY = "take it out of the tree; if it was pushed, make a new one"


def secrets_among_ours(path: str, content: bytes) -> Iterator[Finding]:
    """What is a secret by its own form, line by line; names of keys mean something else in these files."""
    told = tuple(secrets_by_form(path, decode(content), BY_FORM))
    yield from told
    if path.startswith(f"{KEYS}/") and not told and _is_secret_key(content):
        yield private_key.RULE.finding(Place(path), "this file holds a secret key", _TAKE_IT_AWAY)


def secrets_by_form(path: str, text: str, rules: Sequence[ClearTextRule]) -> Iterator[Finding]:
    """What the rules on contents see in the lines of a file that is no Hiera data."""
    for number, line in enumerate(text.split("\n"), 1):
        for rule in rules:
            said = rule.sees(Clear(Place(path, number), KeyPath(()), line), Knowledge())
            if said is not None:
                yield rule.rule.finding(Place(path, number, about=line.strip()), said[0], _TAKE_IT_AWAY)
                break


def _is_secret_key(content: bytes) -> bool:
    """Whether a file is a secret key, binary or under a wrong heading."""
    try:
        certificate.parse(content)
    except FormatError as error:
        return "secret key" in str(error)
    return False
