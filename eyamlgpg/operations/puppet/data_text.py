"""A file of Hiera data as Puppet reads it: the first document alone, values and no keys, and its lookup_options."""

from collections.abc import Iterator
from dataclasses import dataclass

from eyamlgpg.detectors.showable_keys import showable_path
from eyamlgpg.errors import FormatError
from eyamlgpg.formats.eyaml.methods import Method, method_of
from eyamlgpg.formats.eyaml.values import Value, find_values
from eyamlgpg.formats.openpgp import packets
from eyamlgpg.formats.puppet.ruby_yaml import RubyYaml
from eyamlgpg.formats.yaml.structure import NotYaml, Structure
from eyamlgpg.model.keys import KeyId


@dataclass(frozen=True, slots=True)
class Encrypted:
    """An encrypted value that a lookup can come to."""

    line: int
    key: str
    method: Method
    """As Puppet takes it: what names no method is PKCS7."""
    scheme: str
    key_ids: frozenset[KeyId]
    """Whom the message names; nobody for other methods, and for a damaged message."""


@dataclass(frozen=True, slots=True)
class LookupOptions:
    """How lookups of a file's keys are to go, as far as it changes what comes out."""

    line: int
    kinds: tuple[str, ...]
    """`convert_to`, `merge`, sorted."""


@dataclass(frozen=True, slots=True)
class DataText:
    """One file."""

    values: tuple[Encrypted, ...]
    lookup_options: LookupOptions | None = None
    error: NotYaml | None = None


def read_data(text: str) -> DataText:
    """The file's values, or why Puppet cannot read it."""
    scan = find_values(text)
    if scan.yaml_error is not None or scan.structure is None:
        return DataText((), None, scan.yaml_error)
    structure = scan.structure
    return DataText(tuple(_encrypted(scan.values, structure)), _lookup_options(structure))


def _encrypted(values: tuple[Value, ...], structure: Structure) -> Iterator[Encrypted]:
    for value in values:
        scalar = structure.scalar_around(value.token.start, value.token.end)
        if scalar is None or scalar.is_key or scalar.document != 0:
            continue
        method = method_of(value.token, Method.PKCS7)
        key_ids = _key_ids(value) if method is Method.GPG else frozenset()
        key = "" if value.path is None else str(showable_path(value.path))
        yield Encrypted(value.line, key, method, value.token.scheme or "", key_ids)


def _key_ids(value: Value) -> frozenset[KeyId]:
    try:
        return frozenset(packets.read(value.token.message()).key_ids)
    except FormatError:
        return frozenset()


def _lookup_options(structure: Structure) -> LookupOptions | None:
    yaml = RubyYaml(structure)
    found = yaml.fields(structure.root).get("lookup_options")
    if found is None:
        return None
    kinds = {name for one in yaml.fields(found.node).values() for name in yaml.fields(one.node)}
    return LookupOptions(found.line, tuple(sorted(kinds & {"convert_to", "merge"})))
