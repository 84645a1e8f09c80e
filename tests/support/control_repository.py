"""A control repository in files; its values are messages in form alone."""

import json
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.keyrings import known
from tests.support.sealed import addressed, sealed
from tests.support.tool import Ran, Tool

PROD, DEV = known("puppetmaster-prod"), known("puppetmaster-dev")
POLICY = f"version: 1\npuppetmasters:\n  prod: {PROD.fingerprint}\n  dev: {DEV.fingerprint}\n"
V5 = "version: 5\nhierarchy:\n"
HOME = "    lookup_key: eyaml_lookup_key\n    options: {gpg_gnupghome: /nowhere/gpg}\n"
PLAIN = "    data_hash: yaml_data\n"


def token(*names: str) -> str:
    """A value that is encrypted to these, in form."""
    message = addressed(sealed(b"x", 1), [known(name).encryption_key_id for name in names])
    return f"ENC[GPG,{b64encode(message).decode()}]"


BOTH = token("puppetmaster-prod", "puppetmaster-dev")


def level(name: str, path: str, rest: str = HOME) -> str:
    return f"  - name: {name}\n    path: '{path}'\n{rest}"


@dataclass
class Control:
    """A control repository."""

    root: Path
    home: Path

    def write(self, **files: str) -> "Control":
        """`data__a_yaml` is data/a.yaml."""
        for name, text in files.items():
            path = self.root / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return self

    def policy(self, text: str = POLICY) -> None:
        (self.root / ".eyamlgpg" / "policy.yaml").write_text(text)

    def run(self, *words: str) -> Ran:
        return Tool()("hiera", *words, home=self.home, cwd=self.root)

    def document(self, *words: str) -> dict[str, Any]:
        ran = self.run("check", "--format", "json", *words)
        document: dict[str, Any] = json.loads(ran.text)
        assert ran.status == (1 if document["states"]["problem"] else 0)
        return document

    def found(self, *words: str) -> list[tuple[str, str, str, int]]:
        """The findings but for what no machine but a master knows."""
        aside = ("home-elsewhere", "no-master-known", "interpolated")
        every = self.document(*words)["findings"]
        return [(one["id"], one["state"], one["path"], one["line"]) for one in every if one["id"] not in aside]
