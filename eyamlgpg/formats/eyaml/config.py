"""hiera-eyaml's config files: the settings in one of them, and which wins where several say something.

`/etc/eyaml/config.yaml` < `~/.eyaml/config.yaml` < `.eyaml/config.yaml` < `$EYAML_CONFIG` < the command line, setting
by setting. The one in the working directory comes with whatever repository one stands in, so it can neither switch
`gpg_always_trust` or `quiet` on nor point `gpg_gnupghome` elsewhere; where it names the recipients, that is told. Who
reads the files is the caller.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

from eyamlgpg.errors import ConfigError

if TYPE_CHECKING:
    from eyamlgpg.formats.yaml.structure import Node, Structure

TEXTS = frozenset(
    {
        *("change_encryption", "encrypt_method", "gpg_gnupghome", "gpg_recipients", "gpg_recipients_file", "label"),
        *("output", "pkcs7_private_key", "pkcs7_private_key_env_var", "pkcs7_public_key", "pkcs7_public_key_env_var"),
    }
)
"""Settings whose value is a text."""

FLAGS = frozenset({"gpg_always_trust", "no_decrypt", "no_preamble", "quiet", "trace", "verbose"})
"""Settings that are on or off."""

_OF_THE_GEMS = frozenset({"eyaml", "file", "help", "password", "stdin", "string", "version"})
_TRUE = frozenset({"true", "yes", "on"})  # the YAML 1.1 that Ruby reads
_FALSE = frozenset({"false", "no", "off"})
_GUARDED = {
    "gpg_always_trust": "which keys are trusted",
    "gpg_gnupghome": "which keys are trusted",
    "quiet": "what you are warned of",
}
_NULL = frozenset({"", "~", "null"})
_LONGEST_QUOTE = 80
_HINTS = {"gpg_recipients": ("write them in one text: gpg_recipients: alice@example.com,bob@example.com",)}


class Origin(IntEnum):
    """Where settings come from; a higher one wins."""

    SYSTEM = 1
    HOME = 2
    WORKING_DIRECTORY = 3
    EYAML_CONFIG = 4
    COMMAND_LINE = 5


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting, and where it was made."""

    name: str
    value: str | bool
    source: str
    """A config file's path, or the option as it is written on the command line."""
    line: int | None = None

    @property
    def where(self) -> str:
        """`/etc/eyaml/config.yaml:3`, or `--gpg-recipients`."""
        return self.source if self.line is None else f"{self.source}:{self.line}"


@dataclass(frozen=True, slots=True)
class Layer:
    """The settings of one origin, each name once."""

    settings: tuple[Setting, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds in the end, each setting still knowing where it was made."""

    by_name: Mapping[str, Setting]
    warnings: tuple[str, ...] = ()
    overruling: tuple[Setting, ...] = ()
    """Those of the working directory by which no recipients file counts."""

    def text(self, name: str) -> str | None:
        """The value of one of TEXTS, None where nobody made it."""
        setting = self.by_name.get(name)
        return None if setting is None else str(setting.value)

    def flag(self, name: str) -> bool:
        """Whether one of FLAGS is on; nobody having said so, it is off."""
        setting = self.by_name.get(name)
        return setting is not None and setting.value is True


@dataclass(frozen=True, slots=True)
class _Node:
    """A key or value of the top mapping."""

    line: int
    text: str | None
    """None for a list or a mapping."""
    is_plain: bool
    """Whether it is written without quotes, so that it may mean more than its text."""


def parse(text: str, source: str) -> Layer:
    """The settings of one config file.

    Names are option names with underscores. Names with dashes or as Ruby symbols (`:gpg_recipients`) are taken too,
    with a warning, since hiera-eyaml passes them over. A setting without a value is not made. Settings that only the
    gems know are passed over; other unknown ones lead to a warning. Raises ConfigError with file and line where the
    text is no YAML or no mapping, or a value is of the wrong type.
    """
    settings: dict[str, Setting] = {}
    warnings: list[str] = []
    for key, value in _pairs(text, source):
        written = key.text or ""
        name = written.removeprefix(":").replace("-", "_")
        where = f"{source}:{key.line}"
        if name not in TEXTS | FLAGS:
            if not name.startswith("pkcs7_") and name not in _OF_THE_GEMS:
                warnings.append(f"{where}: {_quoted(written)} is no setting that eyamlgpg knows")
            continue
        if name != written:
            warnings.append(f"{where}: {written} is taken for {name}; hiera-eyaml passes it over")
        if name in settings:
            warnings.append(f"{where}: {name} is set in line {settings[name].line} already; this one holds")
        if (read := _value(name, value, where)) is not None:
            settings[name] = Setting(name, read, source, key.line)
    return Layer(tuple(settings.values()), tuple(warnings))


def options(given: Mapping[str, str | bool | None]) -> Layer:
    """The settings of the command line, by option name with underscores; None is an option that was not given."""
    return Layer(
        tuple(Setting(name, value, f"--{name.replace('_', '-')}") for name, value in given.items() if value is not None)
    )


def merge(layers: Mapping[Origin, Layer]) -> Settings:
    """What holds where these layers say something, whatever their order in the mapping."""
    chosen: dict[str, Setting] = {}
    warnings: list[str] = []
    overruling: dict[str, Setting] = {}
    for origin in sorted(layers):
        warnings += layers[origin].warnings
        for setting in layers[origin].settings:
            if origin is Origin.WORKING_DIRECTORY and _lowers_the_guard(setting, chosen.get(setting.name)):
                warnings.append(
                    f"{setting.where}: {setting.name} is ignored here: "
                    f"a config file in the working directory does not decide {_GUARDED[setting.name]}"
                )
                continue
            if origin is Origin.WORKING_DIRECTORY and _names_recipients(setting, chosen.get(setting.name)):
                overruling[setting.name] = setting
            elif origin > Origin.WORKING_DIRECTORY:
                overruling.pop(setting.name, None)
            chosen[setting.name] = setting
    warnings += [f"{setting.where}: {setting.name} overrules the recipients files" for setting in overruling.values()]
    return Settings(MappingProxyType(chosen), tuple(warnings), tuple(overruling.values()))


def _names_recipients(setting: Setting, before: Setting | None) -> bool:
    """Whether a foreign folder's file says who reads, and the user's own files did not say the same."""
    return setting.name in ("gpg_recipients", "gpg_recipients_file") and (
        before is None or before.value != setting.value
    )


def _lowers_the_guard(setting: Setting, before: Setting | None) -> bool:
    """Whether a foreign folder's file would change what only the user decides; to say the same again is harmless."""
    if before is not None and before.value == setting.value:
        return False
    return setting.name in _GUARDED and setting.value is not False


def _value(name: str, node: _Node, where: str) -> str | bool | None:
    """The value of a setting, None where there is none."""
    if node.text is None:
        raise ConfigError(f"{where}: {name} has one value, not a list or a mapping", *_HINTS.get(name, ()))
    word = node.text.lower() if node.is_plain else None
    if word in _NULL:
        return None
    if name in TEXTS:
        if "\0" in node.text:
            raise ConfigError(f"{where}: {name} holds a NUL, which no text has")
        return node.text
    if word in _TRUE or word in _FALSE:
        return word in _TRUE
    raise ConfigError(f"{where}: {name} is either true or false, without quotes, not {_quoted(node.text)}")


def _quoted(written: str) -> str:
    """As Python writes it, in quotes; cut where nobody would read on."""
    return repr(written if len(written) <= _LONGEST_QUOTE else f"{written[:_LONGEST_QUOTE]}…")


def _pairs(text: str, source: str) -> list[tuple[_Node, _Node]]:
    """The keys and values of the mapping that the first document of a YAML text is; none where there is no content."""
    from eyamlgpg.formats.settings.document import structure_of
    from eyamlgpg.formats.yaml.structure import Mapping, Scalar

    structure = structure_of(text, source, only_first=True)
    root = structure.root
    if root is None or (isinstance(root, Scalar) and not root.style and root.value in _NULL):
        return []
    if not isinstance(root, Mapping):
        raise ConfigError(f"{source}:{root.line}: not a mapping of settings, such as `gpg_recipients: A,B`")
    return [(_node(structure, key), _node(structure, value)) for key, value in root.entries]


def _node(structure: "Structure", node: "Node") -> _Node:
    """A key or value; an alias is what it stands for."""
    target = structure.target(node)
    text = getattr(target, "value", None)
    return _Node(node.line, text, is_plain=text is not None and not getattr(target, "style", ""))
