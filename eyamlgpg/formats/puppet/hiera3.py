"""hiera.yaml of version 3: backends that read the same hierarchy, each with its own extension and folder."""

from collections.abc import Mapping

from eyamlgpg.formats.puppet.ruby_yaml import Field, RubyYaml
from eyamlgpg.formats.settings.document import quoted
from eyamlgpg.model.hiera import EYAML, HieraFile, Kind, Level, Location, LocationKind, Option, Refusal

DATADIR = "/etc/puppetlabs/code/environments/%{::environment}/hieradata"
"""Where Puppet looks if a backend names no datadir."""

_DEFAULT_HIERARCHY = (("nodes/%{::trusted.certname}", 1), ("common", 1))
_PLAIN = ("yaml", "json", "hocon")


def read_version_3(yaml: RubyYaml, top: Mapping[str, Field], source: str) -> HieraFile:
    """The backends as levels, in their order."""
    backends = yaml.texts(top["backends"].node) if "backends" in top else (("yaml", 1),)
    hierarchy = yaml.texts(top["hierarchy"].node) if "hierarchy" in top else _DEFAULT_HIERARCHY
    levels: list[Level] = []
    refusals: list[Refusal] = []
    for backend, line in backends:
        if any(level.name == backend for level in levels):
            refusals.append(Refusal(line, f"the backend {quoted(backend)} is named twice"))
            continue
        levels.append(_level(yaml, top, backend, line, hierarchy))
    return HieraFile(source, 3, tuple(levels), tuple(refusals))


def _level(
    yaml: RubyYaml, top: Mapping[str, Field], backend: str, line: int, hierarchy: tuple[tuple[str, int], ...]
) -> Level:
    section = top.get(backend)
    fields = yaml.fields(section.node) if section is not None else {}
    options = {name: Option(yaml.text(one.node) or "", one.line) for name, one in fields.items()}
    extension = options["extension"].value if "extension" in options else "conf" if backend == "hocon" else backend
    end = f".{extension}"
    kind, function = {
        "eyaml": (Kind.LOOKUP_KEY, EYAML),
        **{name: (Kind.DATA_HASH, f"{name}_data") for name in _PLAIN},
    }.get(backend, (Kind.HIERA_3, backend))
    return Level(
        backend,
        line,
        kind,
        function,
        options["datadir"].value if "datadir" in options else DATADIR,
        tuple(
            Location(LocationKind.PATH, text if text.endswith(end) else f"{text}{end}", at) for text, at in hierarchy
        ),
        options,
        line if section is None else section.line,
    )
