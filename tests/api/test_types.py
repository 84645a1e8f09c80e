"""What a type checker tells a caller: `tox run -e types` holds the `assert_type`s of this module, strictly."""

from pathlib import Path
from typing import Literal, assert_type

from eyamlgpg import api
from eyamlgpg.api import (
    Access,
    Before,
    CheckResult,
    EyamlgpgError,
    Finding,
    Notices,
    Opener,
    Reader,
    Repository,
    SetResult,
    Several,
    Severity,
    Value,
    WhoResult,
)
from eyamlgpg.pkcs7.private_key import PrivateKey
from tests.api.conftest import Place


class Mine:
    """Notices of a caller, which inherits from nothing."""

    def warn(self, *sentences: str) -> None: ...

    def say(self, sentence: str) -> None: ...

    def note(self, sentence: str) -> None: ...


def of_pkcs7(pem: bytes) -> Repository:
    """What opens values of PKCS7."""
    opener: Opener = PrivateKey(pem)
    return Repository(pkcs7=opener)


def call(path: Path, home: Path, environ: dict[str, str]) -> None:
    """Every method, and every field of what comes back."""
    notices: Notices = Mine()
    keyring: Literal["gnupg", "repo"] = "gnupg"
    repository = Repository(str(path), gnupghome=home, always_trust=True, notices=notices, environ=environ)
    assert_type(repository.path, Path)
    made = assert_type(repository.set("a.eyaml", "b", b"x"), SetResult)
    assert_type(made.before, Before)
    assert_type(made.readers, tuple[Reader, ...])
    assert_type(repository.read(Path("a.eyaml"), "b"), bytes)
    told = assert_type(repository.who(".", Path("a.eyaml"), key="b", person=None, only_drift=False), WhoResult)
    value = assert_type(told.values[0], Value)
    assert_type((value.file, value.line), tuple[Path, int])
    assert_type((value.key, value.in_line), tuple[str | None, bool | None])
    assert_type(value.readers[0].access, Access)
    assert_type(value.readers[0].fingerprint, str | None)
    (path / "c.eyaml").write_text("---\npassword: hunter2-example\n")
    checked = assert_type(repository.check("c.eyaml", staged=False, keyring=keyring, baseline=None), CheckResult)
    finding = assert_type(checked.failing[0], Finding)
    assert_type(finding.severity, Severity)
    assert_type((finding.line, finding.hint), tuple[int | None, str | None])
    try:
        repository.read("none", "b")
    except EyamlgpgError as error:
        assert_type(error.sentence, str)
        assert_type(error.hints, tuple[str, ...])
        if isinstance(error, Several):
            assert_type(error.errors, tuple[EyamlgpgError, ...])


def test_the_calls_that_a_type_checker_reads_work(place: Place) -> None:
    call(place.folder, place.home, {"PATH": "/usr/bin:/bin"})


def test_every_public_name_is_there_and_has_a_docstring() -> None:
    assert [name for name in api.__all__ if not getattr(api, name).__doc__] == []
    assert api.__all__ == sorted(api.__all__)
