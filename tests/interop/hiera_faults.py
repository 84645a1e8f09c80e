"""A Puppet server's control repository, and everything that can keep it from decrypting, one change each."""

import json
import subprocess
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.interop.peers import Puppet, environment
from tests.support.keyrings import known
from tests.support.tool import Tool

KEY = "db::password"
SECRET = "geheim"


@dataclass
class Master:
    """A Puppet whose environment is a control repository, and a home with the puppetmaster's key."""

    puppet: Puppet
    home: Path
    writer: Path

    @property
    def tree(self) -> Path:
        return self.puppet.environment

    def write(self, name: str, text: str) -> None:
        file = self.tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def encrypt(self, name: str, *, to: str = "puppetmaster-prod") -> None:
        (self.tree / name).parent.mkdir(parents=True, exist_ok=True)
        ran = Tool()(
            *("set", str(self.tree / name), KEY, "-s", SECRET, "--gpg-recipients", known(to).fingerprint),
            home=self.writer,
        )
        assert ran.status == 0, ran.err

    def looked_up(self, *words: str, version_3: bool = False) -> tuple[int, Any]:
        """The status, and the value or the error; version 3 is the global file, whose place `init` names."""
        settings: dict[str, Any] = {
            name: self.puppet.folder / name for name in ("confdir", "vardir", "logdir", "rundir", "publicdir")
        }
        settings |= {"codedir": self.puppet.folder / "code", "facts": self.puppet.folder / "facts.json"}
        if version_3:
            settings["hiera_config"] = self.puppet.folder / "global.yaml"
        argv = ["puppet", "lookup", KEY, "--node", "node.example.com", "--render-as", "json", *words]
        for name, path in settings.items():
            argv += [f"--{name}", str(path)]
        ran = subprocess.run(argv, capture_output=True, check=False, env=environment())
        out = ran.stdout.decode()
        return ran.returncode, json.loads(out) if ran.returncode == 0 and out.strip() else out + ran.stderr.decode()

    def found(self, *words: str) -> tuple[int, set[str]]:
        """The status of the check, and the ids of its problems."""
        ran = Tool()("hiera", "check", "--format", "json", *words, home=self.writer, cwd=self.tree)
        document = json.loads(ran.text)
        return ran.status, {one["id"] for one in document["findings"] if one["state"] == "problem"}


LEVEL = "version: 5\nhierarchy:\n  - name: Common\n    path: common.eyaml\n"
EYAML = "    lookup_key: eyaml_lookup_key\n"


def options(home: object) -> str:
    return f"    options: {{gpg_gnupghome: {home}}}\n"


def plain_function(master: Master) -> None:
    master.write("hiera.yaml", f"{LEVEL}    data_hash: yaml_data\n")


def no_home(master: Master) -> None:
    master.write("hiera.yaml", LEVEL + EYAML)


def home_of_nobody(master: Master) -> None:
    master.write("hiera.yaml", LEVEL + EYAML + options(master.tree / "nowhere"))


def home_by_tilde(master: Master) -> None:
    master.write("hiera.yaml", LEVEL + EYAML + options("~/gpg"))


def home_of_somebody_else(master: Master) -> None:
    master.encrypt("data/common.eyaml", to="bob")


def empty_home(master: Master) -> None:
    (master.tree / "empty").mkdir(mode=0o700)
    master.write("hiera.yaml", LEVEL + EYAML + options(master.tree / "empty"))


def no_pkcs7_key(master: Master) -> None:
    message = b64encode(b"\x30\x03\x02\x01\x01").decode()
    master.write("data/common.eyaml", f"{KEY}: ENC[PKCS7,{message}]\n")


def unread_file(master: Master) -> None:
    (master.tree / "data" / "common.eyaml").rename(master.tree / "data" / "commons.eyaml")


def not_yaml(master: Master) -> None:
    file = master.tree / "data" / "common.eyaml"
    file.write_text(f"{file.read_text()}x: [\n")


def no_function(master: Master) -> None:
    master.write("hiera.yaml", LEVEL.replace("hierarchy", "defaults: {datadir: data}\nhierarchy"))


def backend_of_version_3(master: Master) -> None:
    master.write("hiera.yaml", LEVEL + EYAML.replace("lookup_key: eyaml_lookup_key", "hiera3_backend: eyaml"))


def function_of_another_kind(master: Master) -> None:
    master.write("hiera.yaml", LEVEL + EYAML.replace("lookup_key:", "data_hash:") + options(master.home))


def option_in_the_level(master: Master) -> None:
    master.write("hiera.yaml", f"{LEVEL}{EYAML}    gpg_gnupghome: {master.home}\n")


def version_3_here(master: Master) -> None:
    text = f":backends: [eyaml]\n:hierarchy: [common]\n:eyaml:\n  :datadir: {master.tree}/data\n"
    master.write("hiera.yaml", f"{text}  :gpg_gnupghome: {master.home}\n")


FAULTS: dict[str, tuple[Callable[[Master], None], str]] = {
    "not-decrypted": (plain_function, "ENC[GPG,"),
    "no-gnupghome": (no_home, "No GPG home directory configured"),
    "home-missing": (home_of_nobody, "doesn't exist"),
    "home-path": (home_by_tilde, "doesn't exist"),
    "not-for-master": (home_of_somebody_else, "backend error decrypting"),
    "home-no-key": (empty_home, "No usable keys found"),
    "no-pkcs7-key": (no_pkcs7_key, "backend error decrypting"),
    "unread": (unread_file, "did not find a value"),
    "not-yaml": (not_yaml, "common.eyaml"),
    "refused": (no_function, "One of data_hash, lookup_key, data_dig"),
    "refused backend": (backend_of_version_3, "hiera3_backend"),
    "refused kind": (function_of_another_kind, "eyaml_lookup_key"),
    "refused option": (option_in_the_level, "unrecognized key 'gpg_gnupghome'"),
    "version-3": (version_3_here, "version 3"),
}
