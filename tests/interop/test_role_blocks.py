"""In a tree whose recipients files have role blocks the real eyaml encrypts, decrypts and edits as before."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interop.peers import Eyaml, environment
from tests.support.roles import SECRET, Roles, repository
from tests.support.tool import Tool

pytestmark = pytest.mark.interop


@pytest.fixture
def tree(tmp_path: Path, tool: Tool, home: Callable[[str], Path]) -> Roles:
    """Alice stands in two blocks, as she has two roles."""
    made = repository(tmp_path, tool, home)
    made.done("recipients", "add", "@ops")
    made.people(alice="roles: [ops, dba]", bob="roles: [dba, ops]")
    made.done("recipients", "sync")
    return made


def test_eyaml_decrypts_what_sync_re_encrypted(tree: Roles, eyaml: Eyaml) -> None:
    shown = eyaml("decrypt", "-e", str(tree.root / "a.eyaml"))
    assert b"DEC::GPG[" + SECRET + b"]!" in shown


def test_what_eyaml_encrypts_is_for_everybody_in_the_blocks(tree: Roles, eyaml: Eyaml) -> None:
    source = tree.write("b.eyaml", "a::secret: DEC::GPG[correct horse]!\n")
    made = eyaml("encrypt", "-o", "string", "-e", str(source))
    source.write_bytes(made)
    assert b"ENC[GPG," in made
    assert (tree.reads("alice", "b.eyaml"), tree.reads("bob", "b.eyaml")) == (True, True)
    checked = tree("who", "b.eyaml", "--check")
    assert checked.status == 0, checked.text


def test_what_eyaml_edits_is_for_everybody_in_the_blocks(tree: Roles, eyaml: Eyaml) -> None:
    file = tree.root / "a.eyaml"
    editor = "sed -i s/correct.horse/battery/"
    argv = ["eyaml", "edit", "-n", "gpg", "--gpg-gnupghome", str(eyaml.home), str(file)]
    ran = subprocess.run(argv, capture_output=True, check=False, env={**environment(), "EDITOR": editor})
    assert ran.returncode == 0, ran.stderr.decode()
    for who in ("alice", "bob"):
        assert tree("get", "a.eyaml", "a::secret", who=who).out == b"battery"
    assert tree("who", "--check").status == 0
