"""A baseline is written over the one that was looked at, and keeps what was not asked about."""

from datetime import date
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.settings import baseline
from eyamlgpg.formats.settings.baseline import Accepted
from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.operations.check.baseline import Standing, UpdatePorts, UpdateRequest, update
from tests.support.fakes import FakeTree
from tests.support.memory import Memory

PATH = Path("/tree/.eyamlgpg/baseline.yaml")
KEPT, GONE = (Accepted(f"{name}.eyaml", "plaintext-key-name", "a", "known", 1) for name in ("kept", "gone"))
FOUND = Finding("plaintext-key-name", Severity.ERROR, "a.eyaml", 1, 1, "db::password", "in clear text", "encrypt it")
WRONG = Finding("exception-stale", Severity.ERROR, "a.eyaml", 2, None, None, "stale", "take it out")


class Folders:
    """Remembers what was made."""

    def __init__(self) -> None:
        self.made: list[Path] = []

    def names(self, folder: Path) -> tuple[str, ...]:
        return ()

    def read_bounded(self, path: Path, limit: int, *, follow_link: bool) -> bytes:
        raise AssertionError(path)

    def make(self, folder: Path) -> None:
        self.made.append(folder)


def run(files: Memory, before: bytes | None) -> tuple[Accepted, ...]:
    folders = Folders()
    request = UpdateRequest((FOUND, WRONG), (KEPT, GONE), {"a.eyaml"}, Standing(PATH, before), date(2025, 6, 1))
    accepted = update(request, UpdatePorts(FakeTree({"kept.eyaml": "", "a.eyaml": ""}), files, folders))
    assert folders.made == [PATH.parent]
    return accepted


def test_what_is_found_is_accepted_and_entries_of_files_that_were_not_looked_into_stay() -> None:
    files = Memory()
    accepted = run(files, None)
    assert [(one.file, one.rule) for one in accepted] == [
        ("a.eyaml", "plaintext-key-name"),
        ("kept.eyaml", "plaintext-key-name"),
    ]
    written = baseline.parse(files.content[PATH].decode(), "baseline.yaml")
    assert sorted(one.identity for one in written) == sorted(one.identity for one in accepted)


def test_what_somebody_wrote_meanwhile_stays() -> None:
    files = Memory({PATH: b"theirs\n"})
    with pytest.raises(FileProblem, match="changed by somebody else meanwhile"):
        run(files, b"as it was\n")
    assert files.content[PATH] == b"theirs\n"
