"""Names of files, folders and keys that are made to fool a terminal: every command shows them escaped."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.controlled import CLEAR, RECIPIENTS, control_repository
from tests.support.keyrings import known
from tests.support.messages import token
from tests.support.repository import Repository
from tests.support.tool import Ran, Tool

PARTS = (
    "new\nline",
    "re\rturn",
    "esc\x1b[31m\x1b]0;owned\x07",
    "c1\x9b31m",
    "raw\udcff\udcfe",
    "bidi\u202egpj",
    "tab\tstop",
    "::error file=x::owned",
    "-e",
    "##vso[task.complete]",
    "sep\u2028arator",
)
RAW = ("\x1b", "\x07", "\x9b", "\r", "\udcff", "\u202e", "\u2028", "new\nline", "tab\tstop")
"""What no stream of ours may hold."""
OF_LINES = ("::", "##")
"""What no line may begin with."""

STALE = token(known("bob").encryption_key_id, known("alice").encryption_key_id)
FORMATS = {
    "check": ("text", "json", "sarif", "github", "gitlab", "junit"),
    "who": ("text", "json", "csv"),
    "audit": ("text", "json", "csv", "html"),
    "diff": ("text", "json", "markdown"),
    "rotation": ("text", "json", "csv"),
    "recrypt": ("text", "json"),
}
WORDS = (
    *(("check", "--format", how) for how in FORMATS["check"]),
    ("check", "--staged"),
    *(("who", "--format", how) for how in FORMATS["who"]),
    ("who", "--check"),
    *(("audit", "--format", how) for how in FORMATS["audit"]),
    ("audit", "HEAD~1..HEAD"),
    *(("diff", "HEAD~1..HEAD", "--format", how) for how in FORMATS["diff"]),
    *(("rotation", "bob@example.com", "--format", how) for how in FORMATS["rotation"]),
    *(("recrypt", "--check", "--format", how) for how in FORMATS["recrypt"]),
    ("recrypt", "--dry-run"),
    ("recipients", "list"),
    ("recipients", "lint"),
    ("recipients", "pin", "--dry-run"),
    ("recipients", "remove", "bob@example.com", "--everywhere", "--dry-run"),
    ("offboard", "bob@example.com", "--dry-run"),
    ("keys", "check"),
    ("keys", "list"),
    ("hook", "status"),
    ("doctor",),
)
"""What looks at the whole tree."""
EACH = (
    ("get", "{}", "app::nothing"),
    ("get", "{}", "app::pepper"),
    ("decrypt", "-e", "{}"),
    ("set", "{}", "broken..key", "-s", "x"),
    ("set", "{}", "app::host.deep", "-s", "x"),
    ("encrypt", "-i", "{}", "--key", "app::nothing"),
    ("edit", "{}"),
    ("who", "{}"),
    ("recrypt", "{}", "--check"),
    ("check", "{}"),
    ("recipients", "list", "{}"),
    ("encrypt", "-e", "{}"),
    ("decrypt", "-f", "{}.nowhere"),
)
"""What gets a path."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, home: Callable[[str], Path]) -> Repository:
    """A folder of each name, with a list and two files of that name in it: one of values, one in clear text."""
    made = control_repository(tmp_path_factory.mktemp("named") / "control", home("alice"))
    for number, part in enumerate(PARTS):
        comment = part.encode("utf-8", "replace").decode()
        made.write(f"hieradata/{part}/hiera-eyaml-gpg.recipients", f"{RECIPIENTS}bob@example.com # {comment}\n" * 2)
        # A key of YAML that is the name, too.
        key = json.dumps(part) if "\udcff" not in part else "raw"
        text = f"app::pepper: {STALE}\napp::host: db\n{key}: {STALE}\n"
        made.write(f"hieradata/{part}/{part}.eyaml", text)
        made.write(f"hieradata/{part}/{part}{number}.yaml", CLEAR)
    made.git("add", "-A")
    made.git("commit", "-qnm", "names")
    made.write(f"hieradata/{PARTS[0]}/staged\x1b.yaml", CLEAR)
    made.git("add", "-A")
    return made


def wrong(ran: Ran) -> Iterator[str]:
    """What a stream shows as it is."""
    for text in (ran.out.decode("utf-8", "surrogateescape"), ran.err):
        yield from (repr(raw) for raw in RAW if raw in text)
    yield from (line for line in ran.err.splitlines() if line.startswith(OF_LINES))
    if "Traceback" in ran.err or "this is a bug" in ran.err:
        yield ran.err


@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_what_looks_at_the_tree_shows_names_escaped(tool: Tool, repository: Repository, words: tuple[str, ...]) -> None:
    ran = tool(*words, home=repository.home, cwd=repository.root)
    assert list(wrong(ran)) == []
    assert ran.status in (0, 1, 3), ran.err
    if "json" in words and ran.out:
        json.loads(ran.out)
    assert ran.out or ran.err


@pytest.mark.parametrize("words", EACH, ids=" ".join)
def test_what_gets_a_path_shows_it_escaped(tool: Tool, repository: Repository, words: tuple[str, ...]) -> None:
    environ = {"EDITOR": "false"}
    for part in PARTS:
        path = f"hieradata/{part}/{part}.eyaml"
        ran = tool(*(word.format(path) for word in words), home=repository.home, cwd=repository.root, environ=environ)
        # The text of a file is an answer as it stands; what is said of it is not.
        said = Ran(ran.status, b"", ran.err) if words[0] in ("encrypt", "decrypt", "get") else ran
        assert list(wrong(said)) == [], (part, ran)
        assert ran.status in (0, 1, 3, 4), (part, ran)


def test_the_names_are_there(repository: Repository) -> None:
    """Else nothing was shown."""
    assert set(PARTS) <= {path.name for path in (repository.root / "hieradata").iterdir()}
