"""A hiera.yaml as Puppet reads it: its levels, what each one reads and with what, and where Puppet refuses it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

EYAML = "eyaml_lookup_key"
"""The function that decrypts."""

PLAIN = frozenset({"yaml_data", "json_data", "hocon_data"})
"""Puppet's own functions that hand out what stands in a file."""

GNUPGHOME = "gpg_gnupghome"
PKCS7_PRIVATE = ("pkcs7_private_key", "pkcs7_private_key_env_var")
PKCS7_PUBLIC = ("pkcs7_public_key", "pkcs7_public_key_env_var")


class Kind(StrEnum):
    """What a level calls its function by."""

    DATA_HASH = "data_hash"
    LOOKUP_KEY = "lookup_key"
    DATA_DIG = "data_dig"
    HIERA_3 = "hiera3_backend"


class LocationKind(StrEnum):
    """What a location is: a path, a pattern, or an address that is no file."""

    PATH = "path"
    GLOB = "glob"
    MAPPED = "mapped_paths"
    URI = "uri"


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of a level."""

    value: str
    """Empty where it is not a text."""
    line: int


@dataclass(frozen=True, slots=True)
class Location:
    """One path, pattern or address of a level, as it is written, a file's extension included."""

    kind: LocationKind
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a hierarchy; in version 3, one backend with all levels."""

    name: str
    line: int
    kind: Kind | None
    """None where neither the level nor the defaults name a function."""
    function: str
    datadir: str
    locations: tuple[Location, ...]
    options: Mapping[str, Option] = field(default_factory=dict)
    options_line: int = 0
    """Where the options stand that count, the defaults' included; the level's own line where there are none."""

    @property
    def decrypts(self) -> bool:
        """Whether Puppet decrypts what the level reads."""
        return (self.kind, self.function) in {(Kind.LOOKUP_KEY, EYAML), (Kind.HIERA_3, "eyaml")}

    @property
    def is_plain(self) -> bool:
        """Whether Puppet hands out what stands in the files, ciphertext included."""
        return self.kind is Kind.DATA_HASH and self.function in PLAIN

    @property
    def gnupghome(self) -> Option | None:
        """The GnuPG home of the master's key, as it is written; None where none is named."""
        found = self.options.get(GNUPGHOME)
        return found if found is not None and found.value else None

    def names(self, options: tuple[str, ...]) -> bool:
        """Whether one of these options is set."""
        return any(name in self.options for name in options)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something in the file by which Puppet refuses it, or a lookup in it."""

    line: int
    sentence: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class HieraFile:
    """One hiera.yaml."""

    source: str
    """The file as it is shown."""
    version: int
    levels: tuple[Level, ...] = ()
    refusals: tuple[Refusal, ...] = ()
