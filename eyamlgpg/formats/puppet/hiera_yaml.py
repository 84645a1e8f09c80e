"""hiera.yaml, of every version that Puppet reads: 5, the older 4, and 3, which is a global file alone.

Puppet's own reader is lib/puppet/pops/lookup/hiera_config.rb; what it refuses is told here with its line.
"""

from collections.abc import Iterator, Mapping

from eyamlgpg.formats.puppet.hiera3 import read_version_3
from eyamlgpg.formats.puppet.levels import LevelReader
from eyamlgpg.formats.puppet.ruby_yaml import Field, RubyYaml
from eyamlgpg.formats.settings.document import quoted, structure_of
from eyamlgpg.formats.yaml.structure import Mapping as MappingNode
from eyamlgpg.model.hiera import HieraFile, Kind, Level, Location, LocationKind, Refusal

DATADIR = "data"
"""Where the data stand if neither the level nor the defaults say so."""

_TOP = ("version", "defaults", "hierarchy", "default_hierarchy", "plan_hierarchy")
_DEFAULTS = ("datadir", "options", "data_hash", "lookup_key", "data_dig")


def parse(text: str, source: str) -> HieraFile:
    """A hiera.yaml; raises ConfigError with its line where it is not YAML."""
    structure = structure_of(text, source, only_first=True)
    yaml, root = RubyYaml(structure), structure.root
    if root is None or not isinstance(structure.target(root), MappingNode):
        line = 1 if root is None else root.line
        return HieraFile(source, 3, (), (Refusal(line, "is not a mapping, so Puppet falls back to its own defaults"),))
    top = yaml.fields(root)
    version = (yaml.text(top["version"].node) or "") if "version" in top else "3"
    match version:
        case "5":
            return _version_5(yaml, top, source)
        case "4":
            return _version_4(yaml, top, source)
        case "3":
            return read_version_3(yaml, top, source)
    sentence = f"version {quoted(version)} is not known to Puppet, which reads 3, 4 and 5"
    return HieraFile(source, 0, (), (Refusal(top["version"].line, sentence),))


def _version_5(yaml: RubyYaml, top: Mapping[str, Field], source: str) -> HieraFile:
    reader = LevelReader(yaml)
    reader.known(top, _TOP, "hiera.yaml of version 5")
    defaults = yaml.fields(top["defaults"].node) if "defaults" in top else None
    if defaults is not None:
        reader.known(defaults, _DEFAULTS, "defaults")
    levels: list[Level] = []
    for name in ("hierarchy", "default_hierarchy", "plan_hierarchy"):
        if name in top:
            found = [reader.level(item, defaults) for item in yaml.items(top[name].node)]
            _refuse_twins(found, reader)
            levels += found
    if "hierarchy" not in top:
        # Puppet's own default, HieraConfigV5::DEFAULT_CONFIG_HASH.
        common = Location(LocationKind.PATH, "common.yaml", 1)
        levels.append(Level("Common", 1, Kind.DATA_HASH, "yaml_data", DATADIR, (common,), {}, 1))
    return HieraFile(source, 5, tuple(levels), tuple(reader.refusals))


def _refuse_twins(levels: list[Level], reader: LevelReader) -> None:
    seen: dict[str, int] = {}
    for level in levels:
        if level.name in seen:
            reader.refuse(level.line, f"the level {quoted(level.name)} stands in line {seen[level.name]} already")
        seen.setdefault(level.name, level.line)


def _version_4(yaml: RubyYaml, top: Mapping[str, Field], source: str) -> HieraFile:
    datadir = yaml.text(top["datadir"].node) if "datadir" in top else None
    levels = tuple(_levels_of_version_4(yaml, top, datadir or DATADIR)) if "hierarchy" in top else ()
    return HieraFile(source, 4, levels)


def _levels_of_version_4(yaml: RubyYaml, top: Mapping[str, Field], datadir: str) -> Iterator[Level]:
    for item in yaml.items(top["hierarchy"].node):
        fields = yaml.fields(item)
        name = (yaml.text(fields["name"].node) if "name" in fields else None) or ""
        backend = (yaml.text(fields["backend"].node) if "backend" in fields else None) or ""
        at = fields.get("paths") or fields.get("path") or fields.get("name")
        end = ".conf" if backend == "hocon" else f".{backend}"
        written = yaml.texts(at.node) if at is not None else ()
        paths = tuple(
            Location(LocationKind.PATH, text if text.endswith(end) else f"{text}{end}", line) for text, line in written
        )
        own = yaml.text(fields["datadir"].node) if "datadir" in fields else None
        yield Level(name, item.line, Kind.DATA_HASH, f"{backend}_data", own or datadir, paths, {}, item.line)
