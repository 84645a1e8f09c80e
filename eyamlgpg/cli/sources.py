"""Where a secret or a text comes from: one of the gems' source options, a file, or standard input."""

import os
import string
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eyamlgpg.api.places import require_place
from eyamlgpg.errors import FileProblem, UsageError
from eyamlgpg.host import paths, streams
from eyamlgpg.render.words import escaped

if TYPE_CHECKING:
    from eyamlgpg.trees.files import TreeFiles

STDIN = "-"

ALPHABET = string.ascii_letters + string.digits


class SecretSource(StrEnum):
    """The source options, by their long names."""

    STRING = "string"
    PASSWORD = "password"  # noqa: S105 - the name of an option
    FILE = "file"
    STDIN = "stdin"
    EYAML = "eyaml"
    GENERATE = "generate"

    @property
    def option(self) -> str:
        """As the user writes it."""
        return f"--{self}" if self in (SecretSource.STDIN, SecretSource.GENERATE) else f"-{self[0]}"

    def read(self, options: Mapping[str, Any], files: "TreeFiles", key: str | None = None) -> bytes:
        """The bytes that this source gives; `key` is what they are for, as a prompt names it."""
        match self:
            case SecretSource.STRING:
                return os.fsencode(options["string"])
            case SecretSource.PASSWORD:
                from eyamlgpg.host.hidden import ask_secret

                return ask_secret(f"Secret for {escaped(key)}: " if key else "Secret: ", twice=True)
            case SecretSource.STDIN:
                return streams.read_input()
            case SecretSource.FILE | SecretSource.EYAML:
                return read_input(options[self.value], files)
            case SecretSource.GENERATE:
                import secrets

                return "".join(secrets.choice(ALPHABET) for _ in range(options["generate"])).encode()


def one_source(options: Mapping[str, Any], allowed: Sequence[str]) -> SecretSource:
    """The one source that was given; raises UsageError for none and for several."""
    given = [SecretSource(name) for name in allowed if options[name] is not None and options[name] is not False]
    if len(given) == 1:
        return given[0]
    if given:
        raise UsageError(f"{' and '.join(source.option for source in given)} do not go together: give one source")
    every = ", ".join(SecretSource(name).option for name in allowed)
    raise UsageError(f"no source was given: say one of {every}")


def read_input(name: str, files: "TreeFiles") -> bytes:
    """A file or a pipe, or standard input for `-`."""
    if name == STDIN:
        return streams.read_input()
    if paths.is_pipe(Path(name)):
        return streams.read_pipe(Path(name))
    return files.read(Path(name))


def folder_of(name: str) -> Path:
    """Where the recipients of a source are looked up: its real folder, the working directory for input from a pipe."""
    if name == STDIN or paths.is_pipe(Path(name)):
        return paths.working_folder()
    return paths.real(Path(name)).parent


def require_there(path: Path) -> None:
    """Raise FileProblem for a path that somebody mistyped; the list above would be meant otherwise."""
    if not paths.exists(path):
        raise FileProblem(f"{path}: there is no such file or folder")


def folder_around(path: Path) -> Path:
    """The folder whose recipients apply to a path: itself, or that of the file, which may be one to be made."""
    real = paths.real(path)
    if not paths.exists(real) and not paths.is_folder(real.parent):
        raise FileProblem(f"{path}: there is no such file or folder")
    return real if paths.is_folder(real) else real.parent


def require_writable(file: Path) -> None:
    """Refuse a file that cannot be saved, or whose folder does not exist, before anybody types anything for it."""
    refuse_stdin([file])
    require_place(file)


def require_order(command: str, file: str, key: str) -> None:
    """Refuse FILE and KEY in the other order, where that is plain to see."""
    if file != STDIN and not paths.exists(Path(file)) and paths.is_file(Path(key)):
        import shlex

        call = shlex.join(["eyamlgpg", command, key, file])
        raise FileProblem(f"{file}: there is no such file", f"the file comes first: {call}")


def refuse_stdin(files: Iterable[Path]) -> None:
    """Refuse `-`, standard input everywhere, where a file is to be written."""
    if Path(STDIN) in files:
        raise UsageError("standard input cannot be written back", "a file of that name is given by its whole path")
