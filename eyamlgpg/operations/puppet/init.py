"""`hiera init`: a hiera.yaml for the folders and files that a tree has already."""

import posixpath
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from eyamlgpg.formats.puppet.new_hiera import NewHiera, NewLevel
from eyamlgpg.formats.puppet.patterns import candidates
from eyamlgpg.model.hiera import Location, LocationKind

HOME = "/etc/puppetlabs/puppet/gpg"
"""Where `keys generate` is told to make a master's key."""

_DATADIRS = ("data", "hieradata", "hiera", "hiera_data")
_ENDS = ("eyaml", "yaml")
_LAST = ("common", "global", "defaults", "default")
"""Files that hold what nothing else says, the last of them last."""

_FACTS = {
    **dict.fromkeys(("node", "nodes", "host", "hosts", "client", "clients", "certname", "fqdn"), "trusted.certname"),
    **dict.fromkeys(("role", "roles"), "facts.role"),
    **dict.fromkeys(("environment", "environments", "env"), "environment"),
    **dict.fromkeys(("os", "osfamily", "os_family", "family"), "facts.os.family"),
    **dict.fromkeys(("kernel", "kernels"), "facts.kernel"),
    **dict.fromkeys(("virtual",), "facts.virtual"),
    **dict.fromkeys(("domain", "domains"), "facts.networking.domain"),
}
_ORDER = ("trusted.certname", "facts.role")
"""What stands first; the facts of an operating system stand behind all others."""

_BEHIND = ("facts.os.family", "facts.kernel", "facts.virtual")


def datadir_of(places: Sequence[str]) -> str | None:
    """The folder of the tree that holds its data, by the usual names; None where there is none of them."""
    folders = {PurePosixPath(place).parts[0] for place in places if "/" in place and _extension(place)}
    return next((name for name in _DATADIRS if name in folders), None)


def new_hiera(places: Sequence[str], datadir: str, home: str, encrypted: Sequence[str]) -> NewHiera:
    """The levels for the files of a tree, by their paths from its root; `encrypted` are those with values."""
    prefix = "" if datadir == "." else f"{datadir}/"
    files = [place.removeprefix(prefix) for place in places if place.startswith(prefix) and _extension(place)]
    levels = tuple(_levels(files)) or (
        NewLevel("Nodes", ("nodes/%{trusted.certname}.eyaml",)),
        NewLevel("Common", ("common.eyaml",)),
    )
    ends = [end for end in _ENDS if any(_extension(path) == end for level in levels for path in level.paths)]
    inside = {_extension(place) for place in encrypted if place.startswith(prefix)}
    # One extension alone can be decrypted in version 3: that of the values, where they are.
    extension = "eyaml" if "eyaml" in ends and inside != {"yaml"} else ends[0] if len(ends) == 1 else "yaml"
    return NewHiera(home, datadir, levels, extension, tuple(end for end in ends if end != extension))


def _levels(files: Sequence[str]) -> Iterator[NewLevel]:
    folders: dict[str, set[str]] = {}
    top: list[str] = []
    for place in files:
        path = PurePosixPath(place)
        if len(path.parts) == 1:
            top.append(place)
        elif len(path.parts) == 2:
            folders.setdefault(path.parts[0], set()).add(_extension(place) or "")
    for folder in sorted(folders, key=lambda name: (_rank(fact_of(name)), name)):
        ends = [end for end in _ENDS if end in folders[folder]]
        yield NewLevel(_title(folder), tuple(f"{folder}/%{{{fact_of(folder)}}}.{end}" for end in ends))
    names: dict[str, list[str]] = {}
    for place in sorted(top):
        names.setdefault(PurePosixPath(place).stem, []).append(place)
    for stem in sorted(names, key=lambda name: (_LAST.index(name) if name in _LAST else -1, name)):
        yield NewLevel(_title(stem), tuple(sorted(names[stem])))


def fact_of(folder: str) -> str:
    """What a folder's files are named by: a fact of the folder's own name in the singular, where nothing is usual."""
    known = _FACTS.get(folder.lower())
    if known is not None:
        return known
    singular = folder[:-3] + "y" if folder.endswith("ies") else folder.removesuffix("s")
    return f"facts.{singular}"


def guessed(new: NewHiera) -> tuple[str, ...]:
    """The facts that nothing but the name of a folder speaks for, and that the user should look at."""
    sure = {*_FACTS.values()} - {"facts.role"}
    found = (path.partition("%{")[2].partition("}")[0] for level in new.levels for path in level.paths)
    return tuple(dict.fromkeys(fact for fact in found if fact and fact not in sure))


def left_out(new: NewHiera, places: Sequence[str]) -> tuple[str, ...]:
    """The files of the data that none of the levels reads."""
    prefix = "" if new.datadir == "." else f"{new.datadir}/"
    paths = [Location(LocationKind.PATH, path, 1) for level in new.levels for path in level.paths]
    every = [candidates(f"/{new.datadir}", path) for path in paths]
    mine = [place for place in places if place.startswith(prefix) and _extension(place)]
    return tuple(place for place in mine if not any(one.matches(posixpath.normpath(f"/{place}")) for one in every))


def _rank(fact: str) -> int:
    if fact in _ORDER:
        return _ORDER.index(fact)
    return len(_ORDER) + 1 + _BEHIND.index(fact) if fact in _BEHIND else len(_ORDER)


def _title(name: str) -> str:
    return name[:1].upper() + name[1:]


def _extension(place: str) -> str | None:
    end = PurePosixPath(place).suffix.removeprefix(".").lower()
    return end if end in _ENDS else None
