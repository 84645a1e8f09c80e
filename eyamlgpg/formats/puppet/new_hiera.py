"""The text of a new hiera.yaml whose levels are read by `eyaml_lookup_key` with a GnuPG home."""

import re
from dataclasses import dataclass

ENVIRONMENT = "/etc/puppetlabs/code/environments/%{environment}"
"""Where a control repository stands on a master."""

_PLAIN = re.compile(r"[A-Za-z0-9/][A-Za-z0-9/._-]*")


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A level to be written."""

    name: str
    paths: tuple[str, ...]
    """From the folder of the data, with their extensions."""


@dataclass(frozen=True, slots=True)
class NewHiera:
    """A hiera.yaml to be written."""

    home: str
    """The GnuPG home of the master's key, on the master."""
    datadir: str
    levels: tuple[NewLevel, ...]
    extension: str = "eyaml"
    """Of the files that version 3 reads by eyaml."""
    others: tuple[str, ...] = ()
    """The other extensions, which version 3 reads by backends without decryption."""


def written(new: NewHiera, version: int) -> str:
    """The text of version 5 or 3."""
    return _version_5(new) if version == 5 else _version_3(new)


def _version_5(new: NewHiera) -> str:
    lines = [
        "---",
        "version: 5",
        "defaults:",
        f"  datadir: {_scalar(new.datadir)}",
        "  # Reads plain files, too. Every level has these options unless it has its own.",
        "  lookup_key: eyaml_lookup_key",
        "  options:",
        "    # The GnuPG home of the puppetmaster's key on each master: the user puppet owns it, and the key has no",
        "    # passphrase.",
        f"    gpg_gnupghome: {_scalar(new.home)}",
        "hierarchy:",
    ]
    for level in new.levels:
        lines.append(f"  - name: {_quoted(level.name)}")
        if len(level.paths) == 1:
            lines.append(f"    path: {_quoted(level.paths[0])}")
        else:
            lines += ["    paths:", *(f"      - {_quoted(path)}" for path in level.paths)]
    return "".join(f"{line}\n" for line in lines)


def _version_3(new: NewHiera) -> str:
    datadir = _quoted(f"{ENVIRONMENT}/{new.datadir}")
    paths = dict.fromkeys(path.rpartition(".")[0] for level in new.levels for path in level.paths)
    lines = [
        "---",
        "# Puppet reads version 3 as the global /etc/puppetlabs/puppet/hiera.yaml alone, and in no environment.",
        ":backends:",
        *(f"  - {name}" for name in ("eyaml", *new.others)),
        ":hierarchy:",
        *(f"  - {_quoted(path)}" for path in paths),
        ":eyaml:",
        f"  :datadir: {datadir}",
        f"  :extension: {new.extension}",
        "  # The GnuPG home of the puppetmaster's key on each master: of the user puppet, and without a passphrase.",
        f"  :gpg_gnupghome: {_scalar(new.home)}",
        "  :encrypt_method: gpg",
    ]
    for name in new.others:
        lines += [f":{name}:", f"  :datadir: {datadir}"]
    return "".join(f"{line}\n" for line in lines)


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
