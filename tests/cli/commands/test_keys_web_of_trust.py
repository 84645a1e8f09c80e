"""Two people and a puppetmaster, three keyrings, and nothing between them but the repository."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import keyrings, pinentry
from tests.support.tool import Person


@pytest.fixture
def people(tmp_path: Path) -> Iterator[Callable[[str], Person]]:
    """`people("ann")`: somebody with an empty GnuPG home of their own, all in one tree."""
    folder = keyrings.short_folder()
    tree = tmp_path / "tree"
    (tree / ".git").mkdir(parents=True)

    def make(name: str) -> Person:
        home = keyrings.make_home(folder / name)
        return Person(home, tree)

    yield make
    for home in folder.iterdir():
        keyrings.stop(home)
    keyrings.remove(folder)


def person(people: Callable[[str], Person], name: str) -> Person:
    made = people(name.lower())
    pinentry.install(made.home, f"say {name}'s own passphrase 1")
    made.text_of("keys", "generate", "--person", name, "--email", f"{name.lower()}@example.com", "--algo", "cv25519")
    return made


def test_what_one_certifies_another_can_use(people: Callable[[str], Person]) -> None:
    ann, ben, master = person(people, "Ann"), person(people, "Ben"), people("master")
    tree, store = ann.folder, ann.folder / ".eyamlgpg" / "keys"

    made = master.text_of("keys", "generate", "puppetmaster", "--homedir", str(master.home), "--algo", "cv25519")
    fingerprint = made.split("fingerprint ")[1].split()[0]
    from_the_server = tree / "from-the-server.asc"
    from_the_server.write_bytes((master.home / f"{fingerprint}.asc").read_bytes())

    for who, name in ((ann, "ann"), (ben, "ben")):
        assert ": new: " in who.text_of("keys", "export", f"{name}@example.com")
    assert "validity unknown" in ann.text_of("keys", "import", str(from_the_server))
    assert "certified by nobody else" in ann.text_of("keys", "sign", "puppetmaster", "--exportable", stdin=b"y\n")
    assert sorted(path.name for path in store.iterdir()) == sorted(
        f"{keyrings.own_fingerprint(home)}.asc" for home in (ann.home, ben.home, master.home)
    )

    refused = ben("encrypt", "--gpg-recipients", fingerprint, "-s", "green-tea")
    assert (refused.status, refused.text) == (3, "")
    ben.text_of("keys", "import", "--repo")
    ben.text_of("keys", "sign", "ann@example.com", "-y", "--ownertrust", "full")
    assert "full" in ben.text_of("keys", "list", fingerprint)

    (tree / "hiera-eyaml-gpg.recipients").write_text(f"ben@example.com\nann@example.com\n{fingerprint}\n")
    (tree / "a.eyaml").write_text("---\ndb: DEC::GPG[green-tea]!\n")
    ben.text_of("encrypt", "-i", "-e", "a.eyaml")
    assert [who.text_of("get", "a.eyaml", "db") for who in (master, ben)] == ["green-tea", "green-tea"]
    assert ben("keys", "check").status == 0

    before = {path: path.read_bytes() for path in store.iterdir()}
    assert ben.text_of("keys", "export").count(": unchanged: ") == 3
    assert {path: path.read_bytes() for path in store.iterdir()} == before


def test_a_certification_reaches_a_colleague_only_where_it_was_made_exportable(
    people: Callable[[str], Person],
) -> None:
    ann, ben, master = person(people, "Ann"), person(people, "Ben"), people("master")
    master.text_of("keys", "generate", "puppetmaster", "--homedir", str(master.home), "--algo", "cv25519")
    fingerprint = keyrings.own_fingerprint(master.home)
    ann.text_of("keys", "export", "ann@example.com")
    ann.text_of("keys", "import", str(master.home / f"{fingerprint}.asc"))
    ann.text_of("keys", "sign", fingerprint, "-y")
    ann.text_of("keys", "export", fingerprint)
    ben.text_of("keys", "import", "--repo")
    assert "certified by nobody else" in ben.text_of("keys", "sign", fingerprint, "-y")
    ann.text_of("keys", "sign", fingerprint, "-y", "--exportable")
    ben.text_of("keys", "import", "--repo")
    shown = ben.text_of("keys", "sign", fingerprint, "-y")
    assert "by Ann <ann@example.com>" in shown
    assert "Ben <ben@example.com> (" in shown


def test_a_renewal_reaches_everybody_and_an_old_keyring_does_not_take_it_back(
    people: Callable[[str], Person],
) -> None:
    ann, ben = person(people, "Ann"), people("ben")
    fingerprint = keyrings.own_fingerprint(ann.home)
    ann.text_of("keys", "export", fingerprint)
    [file] = (ann.folder / ".eyamlgpg" / "keys").iterdir()
    assert ": new\n" in ben.text_of("keys", "import", "--repo")
    assert ": unchanged\n" in ben.text_of("keys", "import", "--repo")

    first = file.read_bytes()
    keyrings.gpg(ann.home, "--quick-set-expire", fingerprint, "5y")
    assert ": changed: " in ann.text_of("keys", "export", fingerprint)
    second = file.read_bytes()
    assert first != second

    assert ": unchanged: " in ben.text_of("keys", "export", fingerprint)
    assert file.read_bytes() == second
    assert ": updated\n" in ben.text_of("keys", "import", "--repo")

    keyrings.revoke(ann.home, fingerprint)
    ann.text_of("keys", "export", fingerprint)
    shown = ben.text_of("keys", "import", "--repo")
    assert (": updated\n" in shown, "revoked" in shown) == (True, True)


def test_a_key_that_the_repository_knows_more_of_is_not_certified(people: Callable[[str], Person]) -> None:
    """It may have been revoked, and this keyring does not know yet."""
    ann, ben = person(people, "Ann"), person(people, "Ben")
    fingerprint = keyrings.own_fingerprint(ann.home)
    ann.text_of("keys", "export", fingerprint)
    ben.text_of("keys", "import", "--repo")
    keyrings.revoke(ann.home, fingerprint)
    ann.text_of("keys", "export", fingerprint)
    said = ben("keys", "sign", fingerprint, "-y")
    assert (said.status, said.text) == (3, "")
    assert "is newer in .eyamlgpg/keys/" in said.err
    ben.text_of("keys", "import", "--repo")
    said = ben("keys", "sign", fingerprint, "-y")
    assert (said.status, "is revoked, so it is not certified" in said.err) == (3, True)
