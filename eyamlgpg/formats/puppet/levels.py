"""A level of a hiera.yaml of version 5, and what Puppet has against it."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from eyamlgpg.formats.puppet.ruby_yaml import Field, RubyYaml
from eyamlgpg.formats.settings.document import quoted
from eyamlgpg.formats.yaml.structure import Mapping as MappingNode
from eyamlgpg.formats.yaml.structure import Node
from eyamlgpg.model.hiera import EYAML, PLAIN, Kind, Level, Location, LocationKind, Option, Refusal

_DATADIR = "data"
_LOCATIONS: Mapping[str, LocationKind] = {
    "path": LocationKind.PATH,
    "paths": LocationKind.PATH,
    "glob": LocationKind.GLOB,
    "globs": LocationKind.GLOB,
    "mapped_paths": LocationKind.MAPPED,
    "uri": LocationKind.URI,
    "uris": LocationKind.URI,
}
_FUNCTIONS = (*Kind, "v4_data_hash")
_LEVEL = ("name", "options", "datadir", *_LOCATIONS, *_FUNCTIONS)
_RESERVED = ("path", "uri")
_MAPPED = 3


class LevelReader:
    """Reads levels, and gathers what Puppet refuses."""

    def __init__(self, yaml: RubyYaml) -> None:
        self._yaml = yaml
        self.refusals: list[Refusal] = []

    def refuse(self, line: int, sentence: str, hint: str = "") -> None:
        """Add something that Puppet refuses."""
        self.refusals.append(Refusal(line, sentence, hint))

    def known(self, fields: Mapping[str, Field], names: Iterable[str], what: str) -> None:
        """Refuse names that Puppet does not know there."""
        every = tuple(map(str, names))
        for name, one in fields.items():
            if name in every:
                continue
            near = get_close_matches(name, every, n=1)
            hint = f"did you mean {near[0]}?" if near else ""
            if name.startswith(("gpg_", "pkcs7_")):
                hint = f"options of eyaml stand below `options:`, as in `options: {{{name}: …}}`"
            self.refuse(one.line, f"{quoted(name)} means nothing in {what}, and Puppet refuses the file", hint)

    def level(self, node: Node, defaults: Mapping[str, Field] | None) -> Level:
        """One item of a hierarchy."""
        fields = self._yaml.fields(node)
        name = self._text(fields, "name") or ""
        shown = f"the level {quoted(name)}" if name else "a level"
        if not isinstance(node, MappingNode):
            self.refuse(node.line, "a level is a mapping")
        elif not name:
            self.refuse(node.line, "a level has no name, and Puppet refuses the file")
        self.known(fields, _LEVEL, shown)
        kind, function = self._function(fields, defaults, shown, node.line)
        where, options = self._options(fields, defaults, shown)
        datadir = self._text(fields, "datadir") or (self._text(defaults, "datadir") if defaults else None) or _DATADIR
        return Level(
            name or "?",
            node.line,
            kind,
            function,
            datadir,
            self._locations(fields, shown),
            options,
            where or node.line,
        )

    def _function(
        self, fields: Mapping[str, Field], defaults: Mapping[str, Field] | None, shown: str, line: int
    ) -> tuple[Kind | None, str]:
        own = [name for name in _FUNCTIONS if name in fields]
        if len(own) > 1:
            self.refuse(line, f"{shown} names {' and '.join(own)}, and Puppet takes one function a level")
        if own:
            at, place = fields, own[0]
        elif defaults is None:
            return Kind.DATA_HASH, "yaml_data"
        else:
            inherited = [name for name in Kind if name in defaults]
            if not inherited:
                hint = f"name one in the level or in `defaults:`; for encrypted data `lookup_key: {EYAML}`"
                self.refuse(line, f"{shown} has no function, nor do the defaults, and Puppet refuses the file", hint)
                return None, ""
            at, place = defaults, inherited[0]
        function = self._text(at, place) or ""
        kind = Kind.DATA_HASH if place == "v4_data_hash" else Kind(place)
        self._judge_kind(at[place].line, shown, kind, function)
        return kind, function

    def _judge_kind(self, line: int, shown: str, kind: Kind, function: str) -> None:
        if function == EYAML and kind is not Kind.LOOKUP_KEY:
            self.refuse(line, f"{shown} names {EYAML} as {kind}, where it fails", f"write `lookup_key: {EYAML}`")
        if function in PLAIN and kind is not Kind.DATA_HASH:
            self.refuse(line, f"{shown} names {function} as {kind}, where it fails", f"write `data_hash: {function}`")

    def _options(
        self, fields: Mapping[str, Field], defaults: Mapping[str, Field] | None, shown: str
    ) -> tuple[int, Mapping[str, Option]]:
        """The options that count: a level's own stand in place of all of the defaults'."""
        at = fields.get("options") or (defaults or {}).get("options")
        if at is None:
            return 0, {}
        found = self._yaml.fields(at.node)
        for name in _RESERVED:
            if name in found:
                self.refuse(found[name].line, f"{shown} has an option {name}, which Puppet keeps for itself")
        return at.line, {name: Option(self._yaml.text(one.node) or "", one.line) for name, one in found.items()}

    def _locations(self, fields: Mapping[str, Field], shown: str) -> tuple[Location, ...]:
        named = [name for name in _LOCATIONS if name in fields]
        if len(named) > 1:
            line = fields[named[1]].line
            self.refuse(line, f"{shown} has {' and '.join(named)}, and Puppet takes one of them")
        return tuple(self._located(fields[named[0]], named[0], shown)) if named else ()

    def _located(self, field: Field, name: str, shown: str) -> Iterator[Location]:
        texts = self._yaml.texts(field.node)
        kind = _LOCATIONS[name]
        if kind is LocationKind.MAPPED:
            if len(texts) != _MAPPED:
                self.refuse(field.line, f"{shown}: mapped_paths has a fact, a name for its items, and a path")
                return
            path, line = texts[-1]
            yield Location(kind, path, line)
            return
        if not texts:
            self.refuse(field.line, f"{shown}: {name} is empty, and Puppet refuses the file")
        yield from (Location(kind, text, line) for text, line in texts)

    def _text(self, fields: Mapping[str, Field], name: str) -> str | None:
        return self._yaml.text(fields[name].node) if name in fields else None
