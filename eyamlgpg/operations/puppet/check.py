"""`hiera check`: each hiera.yaml of a tree against the files that its levels read, the masters and their homes."""

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eyamlgpg.errors import EyamlgpgError
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.puppet.hiera_yaml import parse
from eyamlgpg.formats.text import decode
from eyamlgpg.model.diagnosis import State
from eyamlgpg.model.hiera import HieraFile, Kind
from eyamlgpg.model.hiera_check import HieraFileReport, HieraFinding, HieraReport, HomeLook, LevelReport, Master
from eyamlgpg.operations.puppet import homes
from eyamlgpg.operations.puppet.data_files import DataFiles
from eyamlgpg.operations.puppet.data_text import DataText, read_data
from eyamlgpg.operations.puppet.judge_level import (
    LevelData,
    judge_function,
    judge_options,
    judge_places,
    judge_readers,
    judge_texts,
)
from eyamlgpg.operations.puppet.ports import Elsewhere, ListedReaders, MasterHomes
from eyamlgpg.operations.puppet.reach import Reach, reaches, unread
from eyamlgpg.operations.puppet.request import HieraRequest, is_aside
from eyamlgpg.operations.tree.selection import ALWAYS, IF_ENCRYPTED
from eyamlgpg.operations.tree_ports import Tree

_ONCE = ("not-yaml", "unreadable", "datadir-taken")
"""Findings about what several levels share."""

_LOOKUP_OPTIONS = {
    "convert_to": "to what a value is converted, and whether it can be, is known when a node looks it up",
    "merge": "a merged value is joined from several levels, and fails where one of them cannot be decrypted",
}

LARGEST = 1024 * 1024
"""Bytes of a hiera.yaml."""

_ENVIRONMENT = ("environment.conf", "Puppetfile")
_MODULE = "metadata.json"
_MODULES = frozenset({"modules", "site", "site-modules", "dist", "local"})
"""Folders of modules, by the usual names."""


@dataclass(frozen=True, slots=True)
class HieraPorts:
    """What a check reads."""

    tree: Tree
    elsewhere: Elsewhere
    homes: MasterHomes
    lists: ListedReaders


def check_hiera(request: HieraRequest, ports: HieraPorts) -> HieraReport:
    """The whole report; raises ConfigError with the line for a hiera.yaml that is not YAML."""
    return _Check(request, ports).report()


class _Check:
    """One run."""

    def __init__(self, request: HieraRequest, ports: HieraPorts) -> None:
        self._request = request
        self._ports = ports
        self._files = DataFiles(ports.tree, ports.elsewhere)
        self._texts: dict[str, DataText | EyamlgpgError] = {}
        self._looks: dict[Path, HomeLook] = {}
        self._of_homes: list[HieraFinding] = []
        self._states: dict[str, State] = {}
        self._told: set[tuple[str, str, str]] = set()
        self._needs_master = False

    def report(self) -> HieraReport:
        configs = [parse(decode(self._ports.tree.read(path, limit=LARGEST)), path) for path in self._request.configs]
        every = [(config, reaches(config, self._files)) for config in configs]
        files = tuple(self._file(config, reached) for config, reached in every)
        findings = (
            *self._request.unknown_masters,
            *self._no_master(files),
            *self._lookup_options(),
            *self._unread([reach for _, reached in every for reach in reached]),
        )
        return HieraReport(files, tuple(one.name for one in self._request.masters), findings)

    def _file(self, config: HieraFile, reached: tuple[Reach, ...]) -> HieraFileReport:
        layer = self._layer(config.source)
        findings = [
            HieraFinding("refused", State.PROBLEM, one.sentence, config.source, one.line, hint=one.hint or None)
            for one in config.refusals
        ]
        if config.version == 3 and layer != "unknown":
            message = f"Puppet refuses or ignores version 3 in {'a module' if layer == 'module' else 'an environment'}"
            hint = "write version 5 in its place; version 3 is for the global /etc/puppetlabs/puppet/hiera.yaml alone"
            findings.append(HieraFinding("version-3", State.PROBLEM, message, config.source, 1, hint=hint))
        for level in config.levels if config.version > 3 and layer != "unknown" else ():
            if level.kind is Kind.HIERA_3:
                message = f"the level {level.name} names a hiera3_backend, which Puppet takes in the global file alone"
                hint = "for eyaml write `lookup_key: eyaml_lookup_key`"
                findings.append(HieraFinding("refused", State.PROBLEM, message, config.source, level.line, hint=hint))
        names = tuple(dict.fromkeys(name for reach in reached for name in reach.unknown))
        if names:
            shown = ", ".join(f"%{{{name}}}" for name in names)
            message = f"known on a node alone, so every file that the paths may name is taken as read: {shown}"
            findings.append(HieraFinding("interpolated", State.UNKNOWN, message, config.source, reached[0].level.line))
        levels = tuple(self._level(reach, reached[:place]) for place, reach in enumerate(reached))
        findings += self._of_homes
        self._of_homes.clear()
        return HieraFileReport(config.source, config.version, layer, levels, tuple(findings))

    def _layer(self, source: str) -> str:
        folder = posixpath.dirname(source)
        if any(self._ports.tree.has(posixpath.join(folder, name)) for name in _ENVIRONMENT):
            return "environment"
        is_module = posixpath.basename(posixpath.dirname(folder)) in _MODULES
        return "module" if is_module or self._ports.tree.has(posixpath.join(folder, _MODULE)) else "unknown"

    def _level(self, reach: Reach, earlier: tuple[Reach, ...]) -> LevelReport:
        findings: list[HieraFinding] = []
        texts: dict[str, DataText] = {}
        for path in reach.files:
            found = self._text(path)
            if isinstance(found, DataText):
                texts[path] = found
            else:
                where = self._files.shown(path)
                findings.append(HieraFinding("unreadable", State.PROBLEM, found.sentence, where, 1, reach.level.name))
        data = LevelData(reach, texts, {path: self._files.shown(path) for path in texts})
        findings += judge_function(data, earlier)
        findings += judge_options(data, self._is_missing)
        masters = [*self._request.masters]
        home = self._home(data, masters)
        findings += judge_readers(data, masters, self._ports.lists)
        self._needs_master |= reach.level.decrypts and any(True for _ in data.of(Method.GPG))
        findings += judge_texts(data)
        findings += judge_places(data)
        level = reach.level
        shown = tuple(self._files.shown(path) for path in reach.files)
        once = tuple(self._once(findings))
        return LevelReport(level.name, level.line, level.function, shown, data.values(), once, home)

    def _once(self, findings: list[HieraFinding]) -> Iterator[HieraFinding]:
        """Without what was said of the same file at an earlier level."""
        for one in findings:
            same = (one.id, one.path, one.message)
            if one.id not in _ONCE or same not in self._told:
                self._told.add(same)
                yield one

    def _home(self, data: LevelData, masters: list[Master]) -> State:
        """How the home stands that a level names, told once; whose keys are known joins the masters."""
        option = data.level.gnupghome
        if not data.level.decrypts or (option is None and self._request.homedir is None):
            return State.GOOD
        path = self._request.homedir or Path(option.value if option is not None else "")
        if str(path) not in self._states:
            line = data.level.line if option is None else option.line
            found = tuple(self._findings_of(path, data.reach.config, line))
            self._of_homes += found
            is_wrong = any(one.state is State.PROBLEM for one in found)
            self._states[str(path)] = State.PROBLEM if is_wrong else State.GOOD
        master = homes.master_of(self._looks[path]) if path in self._looks else None
        if master is not None:
            masters.append(master)
        return self._states[str(path)]

    def _findings_of(self, path: Path, config: str, line: int) -> Iterator[HieraFinding]:
        wrong = None if self._request.homedir is not None else homes.judge_path(str(path), config, line)
        if wrong is not None:
            yield wrong
            return
        self._looks[path] = self._ports.homes.look(path)
        yield from homes.judge_home(self._looks[path], self._request, config, line)

    def _text(self, path: str) -> DataText | EyamlgpgError:
        if path not in self._texts:
            try:
                self._texts[path] = read_data(decode(self._files.read(path)))
            except EyamlgpgError as error:
                self._texts[path] = error
        return self._texts[path]

    def _no_master(self, files: tuple[HieraFileReport, ...]) -> Iterator[HieraFinding]:
        if self._request.masters or any(look.protections for look in self._looks.values()):
            return
        if self._needs_master:
            message = "no master is known, so for whom the values are encrypted was not looked at"
            hint = "name one with --master or --homedir, or declare it in .eyamlgpg/policy.yaml below puppetmasters"
            yield HieraFinding("no-master-known", State.UNKNOWN, message, files[0].path, 1, hint=hint)

    def _lookup_options(self) -> Iterator[HieraFinding]:
        """What is said of how values are looked up, each kind once."""
        found: dict[str, list[tuple[str, int]]] = {}
        for path, text in self._texts.items():
            if isinstance(text, DataText) and text.lookup_options is not None:
                for kind in text.lookup_options.kinds:
                    found.setdefault(kind, []).append((self._files.shown(path), text.lookup_options.line))
        for kind, places in sorted(found.items()):
            more = f", and in {len(places) - 1} more" if len(places) > 1 else ""
            message = f"lookup_options with {kind}{more}: {_LOOKUP_OPTIONS[kind]}"
            yield HieraFinding("lookup-options", State.UNKNOWN, message, places[0][0], places[0][1])

    def _is_missing(self, path: Path) -> bool:
        return self._request.on_master and self._ports.homes.is_missing(path)

    def _unread(self, every: list[Reach]) -> Iterator[HieraFinding]:
        for one in unread(every, self._can_hold):
            path = self._files.shown(one.path)
            if one.level is None:
                yield HieraFinding("unread", State.PROBLEM, "no level of any hiera.yaml reads this file", path, 1)
            else:
                message = f"read by the level {one.level.level.name} only if a value of a node holds a slash"
                yield HieraFinding("unread-but-for-slashes", State.UNKNOWN, message, path, 1)

    @cached_property
    def _can_hold(self) -> tuple[str, ...]:
        """Files with encrypted values, and every .eyaml file, in the folders that are asked about."""
        found = []
        for path in self._files.in_tree():
            place = self._files.shown(path)
            if is_aside(place) or not any(one == "." or place.startswith(f"{one}/") for one in self._request.within):
                continue
            if place.endswith(ALWAYS) or (place.endswith(IF_ENCRYPTED) and self._has_values(path)):
                found.append(path)
        return tuple(found)

    def _has_values(self, path: str) -> bool:
        found = self._text(path)
        return isinstance(found, DataText) and bool(found.values)
