"""The settings of one run: options over the eyaml config files, in the gems' order."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.eyaml import config as eyaml_config
from eyamlgpg.formats.eyaml.config import Layer, Origin
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.text import decode
from eyamlgpg.host import paths
from eyamlgpg.host.bounded_files import BoundedDiskFiles
from eyamlgpg.trees.root import tree_root

LARGEST = 1 << 20
"""Bytes that a config file may have."""

SYSTEM_CONFIG = Path("/etc/eyaml/config.yaml")
IN_A_FOLDER = Path(".eyaml", "config.yaml")

FROM_OPTIONS = (
    "gpg_gnupghome",
    "gpg_always_trust",
    "gpg_recipients",
    "gpg_recipients_file",
    "encrypt_method",
    "verbose",
    "quiet",
    "trace",
    "no_preamble",
    "no_decrypt",
    "output",
    "label",
    "pkcs7_private_key",
    "pkcs7_private_key_env_var",
    "pkcs7_public_key",
    "pkcs7_public_key_env_var",
)
"""Options that a config file may set, too."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the options and config files say together."""

    merged: eyaml_config.Settings
    local: Path | None = None
    """The config file of the working directory, which comes with whatever repository one stands in."""
    read: tuple[Path, ...] = ()
    """The config files that were read, a later one winning."""
    missing: tuple[str, ...] = ()
    """A sentence for each config file that somebody named and that is not there."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is doubtful in the config files."""
        return (*self.missing, *self.merged.warnings)

    @property
    def overruling(self) -> tuple[eyaml_config.Setting, ...]:
        """What the working directory's config file sets so that no recipients file counts."""
        return self.merged.overruling

    @property
    def users_overruling(self) -> eyaml_config.Setting | None:
        """What a config file of the user's own sets so that no recipients file counts; None where an option does."""
        made = self.merged.by_name
        setting = made.get("gpg_recipients") or made.get("gpg_recipients_file")
        return None if setting is None or setting.line is None or setting in self.overruling else setting

    @property
    def gnupghome(self) -> Path | None:
        """`--gpg-gnupghome`; an empty one counts as none, as in gpg's own variable."""
        return self._path("gpg_gnupghome") if self.merged.text("gpg_gnupghome") else None

    @property
    def always_trust(self) -> bool:
        """`--gpg-always-trust`."""
        return self.merged.flag("gpg_always_trust")

    @property
    def recipients(self) -> str | None:
        """`--gpg-recipients`."""
        return self.merged.text("gpg_recipients")

    @property
    def recipients_from(self) -> str:
        """Where `recipients` was said."""
        return self.where("gpg_recipients")

    @property
    def recipients_file(self) -> Path | None:
        """`--gpg-recipients-file`; ConfigError where the working directory's config file points out of its tree."""
        path = self._path("gpg_recipients_file")
        setting = self.merged.by_name.get("gpg_recipients_file")
        if path is None or setting is None or self.local is None or setting.source != str(self.local):
            return path
        if paths.leads_out(path, tree_root(self.local.parent.parent)):
            raise ConfigError(
                f"{setting.where}: gpg_recipients_file leads out of the tree that this config file stands in",
                "it may name a file of its own tree only; --gpg-recipients-file names any",
            )
        return path

    @property
    def method(self) -> Method | None:
        """`-n`; None where nobody said, and a value without a method is judged by its message."""
        name = self.merged.text("encrypt_method")
        if name is None:
            return None
        try:
            return Method(name.upper())
        except ValueError:
            raise ConfigError(
                f"{self.where('encrypt_method')}: the encryption method {name!r} is not known",
                "known are gpg and pkcs7",
            ) from None

    def path(self, name: str) -> Path | None:
        """A text that names a file; `~` is the home."""
        return self._path(name)

    def is_option(self, name: str) -> bool:
        """Whether a setting was made on the command line."""
        setting = self.merged.by_name.get(name)
        return setting is not None and setting.line is None

    def text(self, name: str) -> str | None:
        """Any other text."""
        return self.merged.text(name)

    def flag(self, name: str) -> bool:
        """Any other flag."""
        return self.merged.flag(name)

    def where(self, name: str) -> str:
        """Where a setting was made: a file with its line, or the option."""
        setting = self.merged.by_name.get(name)
        return setting.where if setting else f"--{name.replace('_', '-')}"

    def _path(self, name: str) -> Path | None:
        text = self.merged.text(name)
        return None if text is None else paths.from_home(text)


def read_settings(options: Mapping[str, Any], environ: Mapping[str, str], working: Path) -> Settings:
    """The settings that hold; raises ConfigError for a config file that is wrong."""
    named = dict(_files(environ, working))
    files = {origin: path for origin, path in named.items() if paths.exists(path)}
    missing = [_missing(origin, path) for origin, path in named.items() if origin not in files]
    layers = {origin: _layer(origin, path) for origin, path in files.items()}
    merged = eyaml_config.merge({**layers, Origin.COMMAND_LINE: _command_line(options)})
    local = files.get(Origin.WORKING_DIRECTORY)
    return Settings(merged, local, tuple(files.values()), tuple(filter(None, missing)))


def options_alone(options: Mapping[str, Any]) -> Settings:
    """The settings of the command line, for whom no config file may stop."""
    return Settings(eyaml_config.merge({Origin.COMMAND_LINE: _command_line(options)}))


def _command_line(options: Mapping[str, Any]) -> Layer:
    given = {name: _plain(options.get(name)) for name in FROM_OPTIONS}
    given["gpg_gnupghome"] = given["gpg_gnupghome"] or None
    return eyaml_config.options(given)


def _missing(origin: Origin, path: Path) -> str | None:
    """What is said of a config file that is not there, where somebody meant it to be; nothing of the usual places."""
    if origin is Origin.EYAML_CONFIG:
        return f"{path}: there is no such file, although EYAML_CONFIG names it; no setting is taken from it"
    if path.is_symlink():
        return f"{path}: is a link to a file that is not there; no setting is taken from it"
    return None


def _files(environ: Mapping[str, str], working: Path) -> list[tuple[Origin, Path]]:
    home = environ.get("HOME")
    files = [(Origin.SYSTEM, SYSTEM_CONFIG)]
    if home:
        files.append((Origin.HOME, Path(home) / IN_A_FOLDER))
    if not home or paths.real(working) != paths.real(Path(home)):
        files.append((Origin.WORKING_DIRECTORY, working / IN_A_FOLDER))
    if environ.get("EYAML_CONFIG", os.devnull) not in ("", os.devnull):
        files.append((Origin.EYAML_CONFIG, Path(environ["EYAML_CONFIG"])))
    return files


def _layer(origin: Origin, path: Path) -> Layer:
    """The settings of a file, which is a plain one: a pipe may hold a secret that is meant for the command."""
    if origin is Origin.WORKING_DIRECTORY and paths.leads_out(path, tree_root(path.parent.parent)):
        raise ConfigError(f"{path}: leads out of the tree that it stands in, and so is not read")
    return eyaml_config.parse(decode(BoundedDiskFiles().read_bounded(path, LARGEST, follow_link=True)), str(path))


def _plain(value: Any) -> str | bool | None:
    """An option's value as a setting's; a flag that was not given says nothing."""
    if value is None or value is False:
        return None
    return True if value is True else str(value)
