"""A new colleague with a cloned repository and no GnuPG home: each first command works, or says how to go on."""

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import keyrings
from tests.support.keyrings import known
from tests.support.tool import Tool


@pytest.fixture
def newcomer(monkeypatch: pytest.MonkeyPatch, home: Callable[[str], Path]) -> Iterator[Path]:
    """A working directory in a tree with a list and a value; HOME, a short path, has no .gnupg."""
    folder = keyrings.short_folder()
    (folder / "home").mkdir()
    (folder / "tree" / ".eyamlgpg" / "keys").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.chdir(folder / "tree")
    alice = known("alice").fingerprint
    key = keyrings.gpg(home("alice"), "--armor", "--export", alice)
    Path(".eyamlgpg", "keys", f"{alice}.asc").write_bytes(key)
    Path("hiera-eyaml-gpg.recipients").write_text(f"# Alice Anders <alice@example.com>\n{alice}\n")
    yield folder
    keyrings.remove(folder)


def test_keys_import_makes_the_home_for_the_user_alone(tool: Tool, newcomer: Path) -> None:
    ran = tool("keys", "import", "--repo")
    made = newcomer / "home" / ".gnupg"
    assert ran.status == 0
    assert f"{made}: made, for you alone" in ran.err
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("words", "status"),
    [(["recipients", "list"], 3), (["check"], 1), (["keys", "list"], 0), (["recipients", "lint"], 1)],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_what_only_looks_goes_by_an_empty_keyring(tool: Tool, newcomer: Path, words: list[str], status: int) -> None:
    ran = tool(*words)
    assert ran.status == status
    assert "there is no GnuPG home yet, so the keyring is empty" in ran.err
    assert "no such GnuPG home" not in ran.err
    assert not (newcomer / "home" / ".gnupg").exists()


def test_a_key_that_is_not_here_comes_with_the_command_that_brings_it(tool: Tool, newcomer: Path) -> None:
    ran = tool("set", "a.eyaml", "k", "-s", "x")
    assert ran.status == 3
    assert "eyamlgpg keys import --repo" in ran.err


def test_a_home_that_was_named_is_not_made(tool: Tool, newcomer: Path) -> None:
    """A path with a slip of the finger would become an empty keyring."""
    ran = tool("keys", "import", "--repo", "--gpg-gnupghome", str(newcomer / "gnpug"))
    assert ran.status == 3
    assert f"{newcomer}/gnpug: there is no such GnuPG home" in ran.err
    assert not (newcomer / "gnpug").exists()


@pytest.mark.parametrize("words", [["recipients", "list"], ["encrypt", "-s", "x"], ["set", "a.yaml", "k", "-s", "x"]])
@pytest.mark.parametrize(("deep", "is_named"), [("data", True), ("site data/nodes", True), (".hidden", False)])
def test_a_list_that_stands_below_is_named(
    tool: Tool, newcomer: Path, words: list[str], deep: str, is_named: bool
) -> None:
    """At the root of a control repository; to make one there, too, would govern all that is beside `data`."""
    Path(deep).mkdir(parents=True)
    Path("hiera-eyaml-gpg.recipients").rename(Path(deep, "hiera-eyaml-gpg.recipients"))
    ran = tool(*words)
    assert ran.status == 3
    assert (f"one stands below: {deep}/hiera-eyaml-gpg.recipients" in ran.err) is is_named
    assert ("make one: eyamlgpg recipients add" in ran.err) is not is_named
    folder = f"'{deep}'" if " " in deep else deep
    assert (f"eyamlgpg recipients list {folder};" in ran.err) is is_named
