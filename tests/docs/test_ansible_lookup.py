"""The Ansible lookup plugin of the how-to: with a stand-in of its base class, and in Ansible if that is installed."""

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from eyamlgpg.api import Repository
from tests.docs.page import ROOT, fences
from tests.support.keyrings import known

PAGE = ROOT / "docs" / "howto" / "python-api.md"
FILES = {name: fence.text for fence in fences(PAGE) if (name := fence.comments.get("save as"))}
PLUGIN = "lookup_plugins/eyamlgpg.py"

BASE = """
class LookupBase:
    def set_options(self, var_options=None, direct=None):
        self._direct = direct

    def get_option(self, name):
        return self._direct.get(name)
"""
"""As ansible-core has it, without the options that playbooks and files set."""

CALL = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("plugin", sys.argv[1])
plugin = importlib.util.module_from_spec(spec)
spec.loader.exec_module(plugin)
from ansible.errors import AnsibleError
try:
    print(plugin.LookupModule().run(sys.argv[3:], {}, file=sys.argv[2]))
except AnsibleError as error:
    print("error:", error)
"""


@pytest.fixture
def playbook(tmp_path: Path, home: Callable[[str], Path]) -> Path:
    """A folder with the files of the page, and two values for Alice."""
    data = tmp_path / "hieradata"
    data.mkdir()
    (data / "hiera-eyaml-gpg.recipients").write_text(f"{known('alice').fingerprint}\n")
    repository = Repository(data, gnupghome=home("alice"), environ=os.environ)
    repository.set("common.eyaml", "profile::db::password", b"correct-horse")
    repository.set("common.eyaml", "profile::odd", "grün\n".encode())
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def run(argv: list[str], folder: Path, home: Path, *libraries: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join(map(str, (ROOT, *libraries)))
    environ = {**os.environ, "PYTHONPATH": path, "GNUPGHOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run([sys.executable, *argv], cwd=folder, env=environ, capture_output=True, text=True, check=False)


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """`ansible` with the two names that the plugin imports."""
    library = tmp_path / "library"
    for name, text in {
        "ansible/__init__.py": "",
        "ansible/errors.py": "class AnsibleError(Exception):\n    pass\n",
        "ansible/plugins/__init__.py": "",
        "ansible/plugins/lookup.py": BASE,
    }.items():
        (library / name).parent.mkdir(parents=True, exist_ok=True)
        (library / name).write_text(text)
    return library


def test_the_plugin_gives_a_value_for_each_key(playbook: Path, stand_in: Path, home: Callable[[str], Path]) -> None:
    argv = ["-c", CALL, PLUGIN, "hieradata/common.eyaml", "profile::db::password", "profile::odd"]
    ran = run(argv, playbook, home("alice"), stand_in)
    assert (ran.stdout, ran.stderr) == ("['correct-horse', 'grün\\n']\n", "")


def test_the_plugin_fails_with_ansibles_own_error(playbook: Path, stand_in: Path, home: Callable[[str], Path]) -> None:
    argv = ["-c", CALL, PLUGIN, "hieradata/common.eyaml", "profile::db::pasword"]
    ran = run(argv, playbook, home("alice"), stand_in)
    missing = "common.eyaml: profile::db::pasword: there is no such key"
    assert ran.stdout == f"error: {missing}; did you mean profile::db::password?\n"


@pytest.mark.skipif(find_spec("ansible") is None, reason="ansible-core is not installed")
def test_ansible_runs_the_playbook(playbook: Path, home: Callable[[str], Path]) -> None:
    ran = run(["-m", "ansible", "playbook", "site.yml"], playbook, home("alice"))
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (playbook / "db.password").read_bytes() == b"correct-horse"
    assert "correct-horse" not in ran.stdout + ran.stderr


@pytest.mark.skipif(find_spec("ansible") is None, reason="ansible-core is not installed")
def test_ansible_tells_what_is_wrong(playbook: Path, home: Callable[[str], Path]) -> None:
    (playbook / "site.yml").write_text(
        FILES["site.yml"].replace("db::password", "db::pasword").replace("no_log", "check_mode")
    )
    ran = run(["-m", "ansible", "playbook", "site.yml"], playbook, home("alice"))
    assert ran.returncode == 2
    assert "profile::db::pasword: there is no such key; did you mean profile::db::password?" in ran.stdout + ran.stderr
