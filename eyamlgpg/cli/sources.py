"""Where a secret or a text comes from: exactly one of the gems' source options."""

import os
import secrets
import string
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from eyamlgpg.cli.world import read_input
from eyamlgpg.errors import UsageError
from eyamlgpg.host import streams
from eyamlgpg.host.files import DiskFiles
from eyamlgpg.host.hidden import ask_secret
from eyamlgpg.render.words import escaped

ALPHABET = string.ascii_letters + string.digits


class Source(StrEnum):
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
        return f"--{self}" if self in (Source.STDIN, Source.GENERATE) else f"-{self[0]}"

    def read(self, options: Mapping[str, Any], files: DiskFiles, key: str | None = None) -> bytes:
        """The bytes that this source gives; `key` is what they are for, as a prompt names it."""
        match self:
            case Source.STRING:
                return os.fsencode(options["string"])
            case Source.PASSWORD:
                return ask_secret(f"Secret for {escaped(key)}: " if key else "Secret: ", twice=True)
            case Source.STDIN:
                return streams.read_input()
            case Source.FILE | Source.EYAML:
                return read_input(options[self.value], files)
            case Source.GENERATE:
                return "".join(secrets.choice(ALPHABET) for _ in range(options["generate"])).encode()


def one_source(options: Mapping[str, Any], allowed: Sequence[str]) -> Source:
    """The one source that was given; raises UsageError for none and for several."""
    given = [Source(name) for name in allowed if options[name] is not None and options[name] is not False]
    if len(given) == 1:
        return given[0]
    if given:
        raise UsageError(f"{' and '.join(source.option for source in given)} do not go together: give one source")
    every = ", ".join(Source(name).option for name in allowed)
    raise UsageError(f"no source was given: say one of {every}")
