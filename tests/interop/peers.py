"""The real thing: Ruby's eyaml with its gpg plugin, and Puppet, each run as its users run it."""

import json
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.keyrings import known

BATCH = Path(__file__).with_name("eyaml_batch.rb")
TEAM = ("alice", "bob")
RECIPIENTS = ",".join(known(name).fingerprint for name in TEAM)


def environment() -> dict[str, str]:
    return {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True, slots=True)
class Eyaml:
    """`eyaml` with a GnuPG home."""

    home: Path

    def __call__(self, command: str, *words: str) -> bytes:
        """What it prints; fails the test where it fails. 3.3.0 adds a final newline where there is none."""
        argv = ["eyaml", command, "-n", "gpg", "--gpg-gnupghome", str(self.home), *words]
        ran = subprocess.run(argv, capture_output=True, check=False, env=environment())
        assert ran.returncode == 0, ran.stderr.decode()
        return ran.stdout

    def decrypt_all(self, messages: Sequence[bytes]) -> list[bytes]:
        """The plaintexts of binary messages, by the plugin itself."""
        return self._batch("decrypt", messages)

    def encrypt_all(self, plaintexts: Sequence[bytes]) -> list[bytes]:
        """Binary messages to the team, by the plugin itself."""
        return self._batch("encrypt", plaintexts)

    def _batch(self, operation: str, values: Sequence[bytes]) -> list[bytes]:
        lines = b"".join(b64encode(value) + b"\n" for value in values)
        argv = ["ruby", str(BATCH), operation, str(self.home), RECIPIENTS]
        ran = subprocess.run(argv, input=lines, capture_output=True, check=False, env=environment())
        assert ran.returncode == 0, ran.stderr.decode()
        return [b64decode(line) for line in ran.stdout.split(b"\n")[:-1]]


@dataclass(frozen=True, slots=True)
class Puppet:
    """`puppet lookup` in an environment of its own, whose only data is the file `data.eyaml`."""

    folder: Path
    home: Path

    @property
    def data(self) -> Path:
        return self.environment / "data" / "data.eyaml"

    @property
    def environment(self) -> Path:
        return self.folder / "code" / "environments" / "production"

    def set_up(self, **options: str) -> "Puppet":
        """Its folders and `hiera.yaml`; `options` are more of those that eyaml_lookup_key takes."""
        self.data.parent.mkdir(parents=True)
        hierarchy = {
            "name": "secrets",
            "lookup_key": "eyaml_lookup_key",
            "path": self.data.name,
            "options": {"gpg_gnupghome": str(self.home), **options},
        }
        # JSON is YAML
        (self.environment / "hiera.yaml").write_text(json.dumps({"version": 5, "hierarchy": [hierarchy]}))
        (self.folder / "facts.json").write_text(json.dumps({"site": "north"}))
        return self

    def lookup(self, key: str) -> Any:
        """The value of a key; fails the test where Puppet finds none."""
        settings = {name: self.folder / name for name in ("confdir", "vardir", "logdir", "rundir", "publicdir")}
        settings |= {"codedir": self.folder / "code", "facts": self.folder / "facts.json"}
        argv = ["puppet", "lookup", key, "--node", "node.example.com", "--render-as", "json"]
        for name, path in settings.items():
            argv += [f"--{name}", str(path)]
        ran = subprocess.run(argv, capture_output=True, check=False, env=environment())
        assert ran.returncode == 0, ran.stderr.decode()
        return json.loads(ran.stdout)
