"""A small control repository with one encrypted value, sound until a test makes it otherwise."""

import json
from pathlib import Path

from tests.support.keyrings import known
from tests.support.messages import token
from tests.support.repository import Repository, start
from tests.support.tool import Tool

READERS = tuple(known(name) for name in ("alice", "bob", "puppetmaster-prod"))
RECIPIENTS = "".join(f"{reader.fingerprint}\n" for reader in READERS)
GOOD = token(*(reader.encryption_key_id for reader in READERS))
CLEAR = "db::password: Rosinenbrot7\n"


def control_repository(root: Path, home: Path) -> Repository:
    """Committed: a recipients file, one eyaml file, and a README that is none of our business."""
    made = start(root, home)
    made.write("hieradata/hiera-eyaml-gpg.recipients", RECIPIENTS)
    made.write("hieradata/common.eyaml", f"---\napp::pepper: {GOOD}\napp::host: db1\n")
    made.write("README.md", "password = Rosinenbrot7\n")
    made.git("add", "-A")
    made.git("commit", "-qm", "first")
    return made


def found(tool: Tool, repository: Repository, *words: str) -> list[tuple[str, str, int | None]]:
    """What `check` reports: the rule, the path and the line of each finding; the policy lets warnings pass."""
    ran = tool("check", "--format", "json", *words, home=repository.home, cwd=repository.root)
    report = json.loads(ran.out)
    assert report["schema_version"] == 1
    errors = [one for one in report["findings"] if one["severity"] == "error"]
    assert ran.status == (1 if errors else 0), ran.err
    return [(finding["rule"], finding["path"], finding["line"]) for finding in report["findings"]]
