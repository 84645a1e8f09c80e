"""A key is made once in its home, and everybody is told whom that home opens values for."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from eyamlgpg.errors import FileProblem
from eyamlgpg.formats.gnupg.key_parameters import Algorithm, KeyRequest
from eyamlgpg.model.keys import Fingerprint, Key, Protection
from eyamlgpg.operations.keys.generate import NewHome, Planned, make_for_person, make_for_puppet, plan
from tests.support.keys import ALICE, BOB, fingerprint, key

NEW = fingerprint("the new key")


def mine(one: Key) -> Key:
    return replace(one, primary=replace(one.primary, has_secret=True))


@dataclass
class Home:
    """A GnuPG home in memory, and what was told about it."""

    listing: Sequence[Key] = ()
    kept: Protection | None = Protection.CLEAR
    path: Path = Path("/home")
    written: dict[str, bytes] = field(default_factory=dict)
    generated: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def keys(self) -> Sequence[Key]:
        return self.listing

    def generate(self, request: KeyRequest) -> Fingerprint:
        self.generated.append(request.name)
        return NEW

    def public_key(self, fingerprint: Fingerprint) -> bytes:
        return b"public"

    def revocation_certificate(self, fingerprint: Fingerprint) -> Path:
        return self.path / f"{fingerprint}.rev"

    def protection(self, fingerprint: Fingerprint) -> Protection | None:
        return self.kept

    def write_new(self, name: str, content: bytes) -> None:
        self.written[name] = content

    def say(self, sentence: str) -> None:
        self.told.append(sentence)

    def warn(self, *sentences: str) -> None:
        self.told += [f"warning: {sentence}" for sentence in sentences]


def planned(name: str, *, protected: bool = False) -> Planned:
    [one] = plan([KeyRequest(name, None, Algorithm("rsa4096"), "2y", protected)], "/home")
    return one


def test_a_servers_key_is_made_with_its_files_beside_it() -> None:
    home, what = Home((BOB,)), planned("puppetmaster")
    made = make_for_puppet(what, home, home)
    assert home.written == {f"{NEW}.batch": what.parameters.encode(), f"{NEW}.asc": b"public"}
    assert (made.user_id, made.fingerprint, made.public_key) == ("puppetmaster", NEW, Path(f"/home/{NEW}.asc"))
    assert home.told == ["making a key for puppetmaster (rsa4096) …"]


def test_a_home_that_opens_values_of_others_too_is_told_before_the_key_is_made() -> None:
    home = Home((mine(ALICE), BOB))
    make_for_puppet(planned("puppetmaster"), home, home)
    assert [line.startswith("warning: /home: holds a secret key already, Alice") for line in home.told] == [True, False]


@pytest.mark.parametrize("make", [make_for_puppet, make_for_person])
def test_a_second_key_of_one_name_is_refused_before_it_is_made(make: object) -> None:
    home = Home((mine(key("puppetmaster")),))
    one: NewHome = home
    with pytest.raises(FileProblem, match=r"^/home: holds a secret key for puppetmaster already"):
        make(planned("puppetmaster"), one, home)  # type: ignore[operator]
    assert (home.generated, home.written) == ([], {})


@pytest.mark.parametrize(("kept", "has"), [(Protection.CLEAR, False), (None, True)])
def test_a_persons_key_without_passphrase_is_seen(kept: Protection | None, has: bool) -> None:
    home = Home(kept=kept)
    made = make_for_person(planned("Alice", protected=True), home, home)
    assert (made.has_passphrase, home.written) == (has, {})
