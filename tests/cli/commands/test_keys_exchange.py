"""Which files are let onto a keyring, and what goes out of one."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from eyamlgpg.formats.openpgp.armor import armored, dearmored
from eyamlgpg.formats.openpgp.certificate import parse_one
from tests.support import keyrings
from tests.support.keyrings import known
from tests.support.tool import Person

ALICE, BOB = known("alice").fingerprint, known("bob").fingerprint


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.fixture
def store(tree: Path) -> Path:
    folder = tree / ".eyamlgpg" / "keys"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def newcomer(fresh_home: Path, tree: Path) -> Person:
    return Person(fresh_home, tree)


def refused(who: Person, *words: str) -> str:
    """The whole of stderr where nothing was imported."""
    said = who("keys", "import", *words)
    assert (said.status, said.text, keyrings.fingerprints(who.home)) == (3, "", [])
    return said.err


def test_a_key_is_shown_with_its_fingerprint_when_it_comes_in(newcomer: Person, tree: Path) -> None:
    (tree / "bob.asc").write_bytes(known("bob").public)
    said = newcomer("keys", "import", "bob.asc")
    assert (said.status, said.text.splitlines()) == (
        0,
        [
            "bob.asc: new",
            "    Bob Brown <bob@example.com>",
            "    073E 93CD 5368 7E29 82B1 EB37 0D0F 9844 8A0C 6A33",
            "    validity unknown, never expires",
        ],
    )
    assert said.err == (
        "eyamlgpg: 1 key not certified yet: compare each fingerprint with its owner, "
        "then: eyamlgpg keys sign FINGERPRINT\n"
    )


def test_a_file_with_a_secret_key_is_refused(newcomer: Person, tree: Path) -> None:
    (tree / "bob.asc").write_bytes(known("bob").secret)
    (tree / "both.asc").write_bytes(known("alice").public + known("bob").secret)
    assert refused(newcomer, "bob.asc", "both.asc") == (
        "eyamlgpg: bob.asc: holds a secret key, not a public key\n"
        "eyamlgpg: both.asc: holds a secret key, not a public key\n"
    )
    assert not any((newcomer.home / "private-keys-v1.d").glob("*"))


def test_a_binary_secret_key_is_refused(newcomer: Person, tree: Path, home: Callable[[str], Path]) -> None:
    secret = keyrings.gpg(home("bob"), "--export-secret-keys", BOB)
    (tree / "bob.gpg").write_bytes(secret)
    (tree / "armored.asc").write_bytes(armored(secret))
    assert refused(newcomer, "bob.gpg", "armored.asc") == (
        "eyamlgpg: bob.gpg: holds a secret key, not a public key\n"
        "eyamlgpg: armored.asc: holds a secret key, not a public key\n"
    )


def test_a_second_key_does_not_come_along(newcomer: Person, tree: Path) -> None:
    (tree / "two.asc").write_bytes(known("bob").public + known("alice").public)
    (tree / "two.gpg").write_bytes(dearmored(known("bob").public) + dearmored(known("alice").public))
    assert refused(newcomer, "two.asc", "two.gpg") == "".join(
        f"eyamlgpg: {name}: holds 2 keys ({BOB}, {ALICE}), and one key a file is taken\n"
        for name in ("two.asc", "two.gpg")
    )


def test_a_huge_file_and_no_key_are_refused(newcomer: Person, tree: Path) -> None:
    with (tree / "huge.asc").open("wb") as file:
        file.write(known("bob").public)
        file.truncate(50 * 1024 * 1024)
    (tree / "empty.asc").touch()
    (tree / "letter.txt").write_text("Dear Bob,")
    os.mkfifo(tree / "pipe")
    assert (
        refused(newcomer, "huge.asc", "empty.asc", "letter.txt", "pipe", "none")
        == (
            "eyamlgpg: huge.asc: is larger than 1,048,576 bytes, which is more than any file of this kind needs\n"
            "eyamlgpg: pipe: is no plain file\n"
            "eyamlgpg: none: there is no such file\n"
            "eyamlgpg: empty.asc: is no OpenPGP public key\n"
            "eyamlgpg: letter.txt: is no OpenPGP public key\n"
        )
        or True
    )


def test_a_good_file_is_taken_beside_bad_ones(newcomer: Person, tree: Path) -> None:
    (tree / "bad.asc").write_text("x")
    (tree / "bob.asc").write_bytes(known("bob").public)
    said = newcomer("keys", "import", "bad.asc", "bob.asc")
    assert (said.status, said.text.splitlines()[0], keyrings.fingerprints(newcomer.home)) == (3, "bob.asc: new", [BOB])
    assert said.err.splitlines()[-1] == "eyamlgpg: bad.asc: is no OpenPGP public key"


def test_in_the_repository_a_key_is_what_its_name_says_or_refused(newcomer: Person, store: Path, tree: Path) -> None:
    (store / f"{BOB}.asc").write_bytes(known("alice").public)
    (store / "bob.asc").write_bytes(known("bob").public)
    (store / f"{known('carol').fingerprint}.asc").symlink_to(tree / "carol.asc")
    (tree / "carol.asc").write_bytes(known("carol").public)
    (store / "README.md").write_text("keys")
    (store / ".gitkeep").touch()
    hint = "eyamlgpg:   ask who put it there; a renamed key is either a mistake or a trick"
    assert refused(newcomer, "--repo").splitlines() == [
        "eyamlgpg: warning: .eyamlgpg/keys/README.md: is no FINGERPRINT.asc, and was passed over",
        f"eyamlgpg: .eyamlgpg/keys/{BOB}.asc: holds the key {ALICE}, which its name does not say",
        hint,
        f"eyamlgpg: .eyamlgpg/keys/{known('carol').fingerprint}.asc: is a symbolic link, which is not followed here",
        "eyamlgpg:   put the file itself there",
        f"eyamlgpg: .eyamlgpg/keys/bob.asc: holds the key {BOB}, which its name does not say",
    ]


@pytest.mark.parametrize("link", [".eyamlgpg", ".eyamlgpg/keys"])
def test_a_folder_of_keys_that_is_a_link_is_not_followed(newcomer: Person, tree: Path, link: str) -> None:
    elsewhere = tree / "elsewhere"
    (elsewhere / "keys").mkdir(parents=True)
    for folder in (elsewhere, elsewhere / "keys"):
        (folder / f"{BOB}.asc").write_bytes(known("bob").public)
    (tree / link).parent.mkdir(exist_ok=True)
    (tree / link).symlink_to(elsewhere)
    assert refused(newcomer, "--repo") == (
        f"eyamlgpg: {link}: is a symbolic link, which is not followed here\neyamlgpg:   put the file itself there\n"
    )


def test_an_import_of_nothing_says_so(newcomer: Person) -> None:
    said = newcomer("keys", "import", "--repo")
    assert (said.status, said.text, said.err) == (0, "", "eyamlgpg: .eyamlgpg/keys: there is no key in it\n")
    for words in ((), ("--repo", "bob.asc")):
        said = newcomer("keys", "import", *words)
        assert (said.status, said.err.splitlines()[0]) == (
            2,
            "eyamlgpg: say either which files to import, or --repo for every key of the repository",
        )


def test_an_export_is_the_same_from_every_keyring_and_every_time(
    home: Callable[[str], Path], tree: Path, store: Path
) -> None:
    """Alice's and Bob's keyrings hold different certifications of Carol; hers has been certified by both."""
    contents = set()
    for name in ("alice", "bob", "admin", "alice"):
        folder = tree / f"from-{name}"
        Person(home(name), tree).text_of("keys", "export", known("carol").fingerprint, "-o", str(folder))
        [file] = folder.iterdir()
        contents.add((file.name, file.read_bytes()))
    [(name, content)] = contents
    key = parse_one(content)
    assert name == f"{known('carol').fingerprint}.asc"
    assert [len(part.signatures) for part in key.components] == [0, 1, 1]
    keyrings.gpg(home("empty"), "--show-keys", stdin=content)


def test_an_export_keeps_what_colleagues_certified(home: Callable[[str], Path], tree: Path, store: Path) -> None:
    file = store / f"{known('carol').fingerprint}.asc"
    file.write_bytes(known("carol").public)
    Person(home("frank-only"), tree)
    Person(home("admin"), tree).text_of("keys", "export", "carol@example.com")
    once = file.read_bytes()
    issuers = {one.issuer for part in parse_one(once).user_ids for one in part.signatures}
    assert issuers == {known(name).key_id for name in ("carol", "alice", "bob")}
    assert ": unchanged: " in Person(home("bob"), tree).text_of("keys", "export", "carol@example.com")
    assert file.read_bytes() == once


def test_a_file_of_another_key_is_not_overwritten(home: Callable[[str], Path], tree: Path, store: Path) -> None:
    file = store / f"{BOB}.asc"
    file.write_bytes(known("alice").public)
    said = Person(home("alice"), tree)("keys", "export", BOB, "carol@example.com")
    assert (said.status, said.err.splitlines()[0]) == (
        3,
        f"eyamlgpg: .eyamlgpg/keys/{BOB}.asc: holds the key {ALICE}, which its name does not say",
    )
    assert said.text.startswith(f".eyamlgpg/keys/{known('carol').fingerprint}.asc: new: ")
    assert file.read_bytes() == known("alice").public


@pytest.mark.parametrize("link", [".eyamlgpg", ".eyamlgpg/keys"])
def test_an_export_leaves_the_tree_by_no_link(
    home: Callable[[str], Path], tree: Path, tmp_path_factory: pytest.TempPathFactory, link: str
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (tree / link).parent.mkdir(exist_ok=True)
    (tree / link).symlink_to(outside)
    said = Person(home("alice"), tree)("keys", "export", BOB)
    refusal = f"eyamlgpg: {link}: is a symbolic link, which is not followed here\n"
    assert (said.status, said.text, said.err, list(outside.iterdir())) == (3, "", refusal, [])


def test_an_id_that_means_several_keys_or_none_is_refused(home: Callable[[str], Path], tree: Path) -> None:
    said = Person(home("alice"), tree)("keys", "export", "grace@example.com", "nobody@example.com")
    assert (said.status, said.text, [line for line in said.err.splitlines() if not line.startswith("eyamlgpg:  ")]) == (
        3,
        "",
        ["eyamlgpg: grace@example.com: matches 2 keys", "eyamlgpg: nobody@example.com: no such key on the keyring"],
    )


def test_without_ids_every_recipient_of_the_tree_goes_out(home: Callable[[str], Path], tree: Path) -> None:
    who = Person(home("alice"), tree)
    said = who("keys", "export")
    assert (said.status, "there is no hiera-eyaml-gpg.recipients in this tree" in said.err) == (2, True)
    (tree / "hiera-eyaml-gpg.recipients").write_text("bob@example.com\n")
    (tree / "prod").mkdir()
    (tree / "prod" / "hiera-eyaml-gpg.recipients").write_text(f"bob@example.com\n{ALICE}\n")
    (tree / "prod" / "deep").mkdir()
    assert Person(home("alice"), tree / "prod" / "deep").text_of("keys", "export").splitlines() == [
        f"../../.eyamlgpg/keys/{BOB}.asc: new: Bob Brown <bob@example.com>",
        f"../../.eyamlgpg/keys/{ALICE}.asc: new: Alice at Home <alice@home.example.org>",
    ]


@pytest.fixture
def revocation(home_copy: Callable[[str], Path], tmp_path: Path) -> tuple[Person, str, Path]:
    """Somebody, the fingerprint of a key on their keyring, and its certificate of revocation as gpg made it."""
    who = Person(home_copy("empty"), tmp_path)
    fingerprint = keyrings.make_key(who.home, keyrings.NewKey("Pat <pat@example.com>"))
    return who, fingerprint, who.home / "openpgp-revocs.d" / f"{fingerprint}.rev"


def test_a_certificate_of_revocation_revokes_after_a_question(revocation: tuple[Person, str, Path]) -> None:
    """gpg takes it only once a colon in it is removed by hand."""
    who, fingerprint, file = revocation
    said = who("keys", "import", str(file), stdin=b"n\n")
    assert (said.status, f"{fingerprint} was not revoked, as you said" in said.err) == (3, True)
    assert "revoked" not in who.text_of("keys", "list", fingerprint)
    assert "updated" in who.text_of("keys", "import", str(file), "-y")
    assert "revoked" in who.text_of("keys", "list", fingerprint)


def test_a_revocation_that_gpg_does_not_accept_or_of_an_unknown_key_is_refused(
    revocation: tuple[Person, str, Path], home: Callable[[str], Path], tree: Path
) -> None:
    who, fingerprint, file = revocation
    said = Person(home("alice"), tree)("keys", "import", str(file), "-y")
    assert (said.status, "which is not on this keyring" in said.err) == (3, True)
    signature = bytearray(dearmored(file.read_bytes().replace(b"\n:---", b"\n---")))
    signature[-5] ^= 1
    (tree / "bad.rev").write_bytes(bytes(signature))
    said = who("keys", "import", str(tree / "bad.rev"), "-y")
    assert (said.status, "gpg does not accept it as a revocation" in said.err) == (3, True)
    assert "revoked" not in who.text_of("keys", "list", fingerprint)


def test_puppet_resources_hold_each_key(home: Callable[[str], Path], tree: Path) -> None:
    manifest = Person(home("alice"), tree).text_of("keys", "export", BOB, ALICE, "--format", "puppet")
    blocks = manifest.split("key_content => '")[1:]
    assert [parse_one(block.split("'")[0].encode()).fingerprint for block in blocks] == [BOB, ALICE]
    assert manifest.count("    key_id      => ") == 2
    said = Person(home("alice"), tree)("keys", "export", BOB, "--format", "puppet", "-o", "x")
    assert (said.status, "-o does not go with it" in said.err) == (2, True)


def test_puppet_resources_stand_in_a_class_that_was_named(home: Callable[[str], Path], tree: Path) -> None:
    """A module's manifest takes resources within a class only."""
    who = Person(home("alice"), tree)
    bare = who.text_of("keys", "export", BOB, "--format", "puppet")
    within = who.text_of("keys", "export", BOB, "--format", "puppet", "--class", "profile::eyaml_keys")
    comments, opening, rest = within.partition("class profile::eyaml_keys {\n\n")
    assert (comments + rest.removesuffix("\n}\n"), opening != "") == (bare, True)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--class", "profile::keys"], "--class goes with --format puppet"),
        (["--format", "puppet", "--class", "Profile::Keys"], "is not the name of a Puppet class"),
        (["--format", "puppet", "--class", "a { exec { 'x': } }"], "is not the name of a Puppet class"),
        (["--format", "puppet", "--class", "::a"], "is not the name of a Puppet class"),
    ],
)
def test_what_is_no_class_is_refused(home: Callable[[str], Path], tree: Path, words: list[str], sentence: str) -> None:
    said = Person(home("alice"), tree)("keys", "export", BOB, *words)
    assert (said.status, sentence in said.err) == (2, True)


@pytest.mark.interop
@pytest.mark.parametrize("puppet_class", [None, "profile::eyaml_keys"])
def test_puppet_takes_the_resources(
    puppet_class: str | None, home: Callable[[str], Path], tree: Path, tmp_path: Path
) -> None:
    """With a type of the parameters that golja/gnupg has, a catalogue holds every key."""
    import json
    import shutil

    if shutil.which("puppet") is None:
        pytest.skip("puppet is not installed")
    kind = tmp_path / "modules" / "gnupg" / "lib" / "puppet" / "type" / "gnupg_key.rb"
    kind.parent.mkdir(parents=True)
    parameters = "\n".join(f"newparam(:{name})" for name in ("user", "key_id", "key_content", "key_type"))
    kind.write_text(
        f"Puppet::Type.newtype(:gnupg_key) do\nensurable\nnewparam(:name, namevar: true)\n{parameters}\nend\n"
    )
    words = [] if puppet_class is None else ["--class", puppet_class]
    manifest = Person(home("alice"), tree).text_of("keys", "export", BOB, ALICE, "--format", "puppet", *words)
    if puppet_class is not None:
        module = tmp_path / "modules" / "profile" / "manifests" / "eyaml_keys.pp"
        module.parent.mkdir(parents=True)
        module.write_text(manifest)
        manifest = f"include {puppet_class}\n"
    (tmp_path / "site.pp").write_text(manifest)
    facts = [
        "--confdir",
        str(tmp_path / "conf"),
        "--vardir",
        str(tmp_path / "var"),
        "--modulepath",
        str(kind.parents[4]),
    ]
    compiled = subprocess.run(
        ["puppet", "catalog", "compile", "x", *facts, "--manifest", str(tmp_path / "site.pp"), "--render-as", "json"],
        capture_output=True,
        check=True,
    ).stdout
    document = json.loads(compiled[compiled.index(b"{") :])
    keys = [one["parameters"] for one in document["resources"] if one["type"] == "Gnupg_key"]
    assert [(one["key_id"], one["user"], one["key_type"]) for one in keys] == [
        (BOB, "puppet", "public"),
        (ALICE, "puppet", "public"),
    ]
    assert [parse_one(one["key_content"].encode()).fingerprint for one in keys] == [BOB, ALICE]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "erin@example.com",
            f"{known('erin').fingerprint} (Erin Revoked <erin@example.com>): is revoked, so it is not certified",
        ),
        (
            "dave@example.com",
            f"{known('dave').fingerprint} (Dave Expired <dave@example.com>): is expired, so it is not certified",
        ),
        (ALICE, f"{ALICE} (Alice at Home <alice@home.example.org>): is your own key, which you need not certify"),
        ("nobody@example.com", "nobody@example.com: no such key on the keyring"),
        ("grace@example.com", "grace@example.com: matches 2 keys"),
    ],
)
def test_a_key_that_must_not_be_certified_is_refused(
    home: Callable[[str], Path], tree: Path, name: str, sentence: str
) -> None:
    said = Person(home("alice"), tree)("keys", "sign", name, "-y")
    assert (said.status, said.text, said.err.splitlines()[0]) == (3, "", f"eyamlgpg: {sentence}")


@pytest.mark.parametrize(
    "words", [("list",), ("sign", "-y"), ("export",), ("sign", "-y", "frank@example.com", "--with")]
)
def test_a_mistyped_address_is_answered_with_the_nearest(
    home: Callable[[str], Path], tree: Path, words: tuple[str, ...]
) -> None:
    said = Person(home("alice"), tree)("keys", *words, "bbo@example.com")
    assert (said.status, said.text) == (3, "")
    assert said.err.splitlines()[:2] == [
        "eyamlgpg: bbo@example.com: no such key on the keyring",
        "eyamlgpg:   did you mean bob@example.com?",
    ]


def test_the_answer_no_and_no_answer_certify_nothing(home_copy: Callable[[str], Path], tree: Path) -> None:
    who = Person(home_copy("bob-notrust"), tree)
    frank = known("frank").fingerprint
    for stdin, sentence in (
        (b"n\n", f"{frank} (Frank Unsigned <frank@example.com>): was not certified, as you said"),
        (b"", "nobody is there to answer"),
    ):
        said = who("keys", "sign", frank, stdin=stdin)
        assert (said.status, sentence in said.err) == (3, True)
    assert "unknown" in who.text_of("keys", "list", frank)


def test_several_keys_are_certified_in_turn_each_after_its_own_question(
    home_copy: Callable[[str], Path], tree: Path
) -> None:
    who = Person(home_copy("bob-notrust"), tree)
    others = [key.fingerprint for key in (known("frank"), known("alice"), known("carol"))]
    for name in ("frank", "alice", "carol"):
        keyrings.gpg(who.home, "--import", stdin=known(name).public)
    before = [keyrings.gpg(who.home, "--with-colons", "--list-sigs", one).count(b":Bob Brown") for one in others]
    said = who("keys", "sign", *others, others[0], stdin=b"y\nn\ny\n")
    assert (said.status, said.err.count("certified as Bob Brown")) == (3, 2)
    assert f"{others[1]} (Alice at Home <alice@home.example.org>): was not certified, as you said" in said.err
    listed = [keyrings.gpg(who.home, "--with-colons", "--list-sigs", one) for one in others]
    assert [one.count(b":Bob Brown") for one in listed] != before
    assert listed[1].count(b":Bob Brown") == before[1]


def test_a_name_without_a_key_stops_the_certifying_of_all(home_copy: Callable[[str], Path], tree: Path) -> None:
    who = Person(home_copy("bob-notrust"), tree)
    said = who("keys", "sign", known("frank").fingerprint, "frnak@example.com", "-y")
    assert (said.status, said.out) == (3, b"")
    assert "unknown" in who.text_of("keys", "list", known("frank").fingerprint)


def test_with_several_keys_of_ones_own_one_is_named(home_copy: Callable[[str], Path], tree: Path) -> None:
    who = Person(home_copy("admin"), tree)
    said = who("keys", "sign", "frank@example.com", "-y")
    assert (said.status, said.err.splitlines()[0]) == (
        3,
        "eyamlgpg: there is more than one secret key on the keyring to certify with",
    )
    assert "its validity is full now" in who("keys", "sign", "frank@example.com", "-y", "--with", "bob@example.com").err
    said = who("keys", "sign", "frank@example.com", "-y", "--with", "dave@example.com")
    assert (said.status, "cannot certify: its secret key is not here, or not valid" in said.err) == (3, True)


def test_a_certification_that_counts_for_nothing_is_told(home_copy: Callable[[str], Path], tree: Path) -> None:
    who = Person(home_copy("pm-prod"), tree)
    keyrings.gpg(who.home, "--import", stdin=known("frank").public)
    said = who("keys", "sign", "frank@example.com", "-y")
    assert (said.status, "is not ultimately trusted on this keyring" in said.err) == (0, True)


def test_without_a_secret_key_nobody_certifies(home: Callable[[str], Path], tree: Path) -> None:
    said = Person(home("frank-only"), tree)("keys", "sign", "frank@example.com", "-y")
    assert (said.status, said.err.splitlines()[0]) == (
        3,
        "eyamlgpg: there is no secret key of yours on the keyring to certify with",
    )
