"""One edit from the file to the file: what is asked of whom, and what is left after a failure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from eyamlgpg.errors import EditorError, EyamlgpgError, FileProblem, GnupgError, NotSaved, RecipientError
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.near_markers import NearMarker
from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.governed import Around, Governed
from eyamlgpg.model.messages import Decrypted
from eyamlgpg.model.recipients import Recipient, Resolved
from eyamlgpg.operations.values.edit import Edited, EditPorts, EditRequest, edit
from eyamlgpg.trees.files import TreeFiles
from tests.support.fakes import FakePkcs7
from tests.support.keys import ALICE, NOW

HEADER = b"\x85\x01\x03" + bytes(60)


class Opener:
    """Takes HEADER off, and counts."""

    count = 0

    def decrypt(self, message: bytes) -> bytes:
        self.count += 1
        return message.removeprefix(HEADER)

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        return (Decrypted(self.decrypt(message)) for message in messages)


class Sealer:
    """Puts HEADER before, and counts; fails where it is told to."""

    count = 0
    fails = False

    def encrypt(self, plaintext: bytes, subkeys: Sequence[object]) -> bytes:
        self.count += 1
        if self.fails:
            raise GnupgError("gpg failed")
        return HEADER + plaintext

    def for_file(self, path: Path, standing: Callable[[], Iterable[bytes]] = tuple) -> "Sealer":
        return self


@dataclass
class Editor:
    """Gives what each visit saves, in turn; remembers what it was shown."""

    visits: list[Callable[[bytes], bytes]]
    shown: list[bytes] = field(default_factory=list)

    def edit(self, content: bytes) -> bytes:
        self.shown.append(content)
        return self.visits[len(self.shown) - 1](content)


@dataclass
class Scene:
    """One file, one edit."""

    path: Path
    editor: Editor
    answers: list[bool] = field(default_factory=list)
    opener: Opener = field(default_factory=Opener)
    sealer: Sealer = field(default_factory=Sealer)
    errors: list[str] = field(default_factory=list)
    wanted_error: EyamlgpgError | None = None

    def wanted(self) -> Governed:
        if self.wanted_error:
            raise self.wanted_error
        subkey = ALICE.encryption_subkey(NOW)
        assert subkey
        return Governed.of("x", [Resolved(Recipient("alice", "x"), ALICE, subkey, None)], Around(KeyIndex([ALICE])))

    def back(self, error: EyamlgpgError) -> bool:
        self.errors.append(error.sentence)
        return self.answers.pop(0)

    def keep(self, near: Sequence[NearMarker]) -> bool:
        self.errors += [f"near a marker: line {one.line}" for one in near]
        return self.answers.pop(0)

    def play(self) -> Edited:
        ports = EditPorts(
            TreeFiles(), self.opener, FakePkcs7(), self.sealer, self.wanted, self.editor, self.back, self.keep
        )
        return edit(EditRequest(self.path, "f.eyaml", preamble=False), ports)


def token(plaintext: bytes) -> str:
    return tokens.render(HEADER + plaintext, layout=None)


def replacing(old: str, new: str) -> Callable[[bytes], bytes]:
    return lambda content: content.replace(old.encode(), new.encode())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "f.eyaml"
    path.write_text("".join(f"k{i}: {token(b'v%d' % i)}\n" for i in range(500)))
    return path


def test_one_changed_value_of_five_hundred_is_one_encryption(file: Path) -> None:
    before = file.read_text()
    scene = Scene(file, Editor([replacing("[v7]", "[neu]")]))
    assert scene.play() == Edited(changed=True, encrypted=1)
    assert scene.sealer.count == 1
    assert file.read_text() == before.replace(token(b"v7"), token(b"neu"))


def test_no_change_writes_nothing_and_asks_nobody(file: Path) -> None:
    stamp = file.stat()
    scene = Scene(file, Editor([bytes]), wanted_error=RecipientError("never asked"))
    assert scene.play() == Edited(changed=False, encrypted=0)
    assert file.stat() == stamp


def test_text_may_change_without_any_recipient(file: Path) -> None:
    scene = Scene(file, Editor([lambda content: content + b"# end\n"]), wanted_error=RecipientError("never asked"))
    assert scene.play() == Edited(changed=True, encrypted=0)


def test_after_an_error_the_editor_shows_the_text_as_left(file: Path) -> None:
    editor = Editor([replacing("DEC(1)", "DEC(9999)"), replacing("DEC(9999)", "DEC(1)")])
    scene = Scene(file, editor, answers=[True])
    assert scene.play() == Edited(changed=False, encrypted=0)
    assert b"DEC(9999)" in editor.shown[1]
    assert scene.errors == ["f.eyaml:1: no value of this file has the number 9999"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda scene: setattr(scene, "wanted_error", RecipientError("nobody")), id="a recipient"),
        pytest.param(lambda scene: setattr(scene.sealer, "fails", True), id="gpg"),
    ],
)
def test_what_cannot_be_encrypted_leaves_the_file_alone(file: Path, spoil: Callable[[Scene], None]) -> None:
    before = file.read_bytes()
    scene = Scene(file, Editor([replacing("[v7]", "[neu]")]), answers=[False])
    spoil(scene)
    with pytest.raises(NotSaved, match="f.eyaml: is as it was, nothing was saved"):
        scene.play()
    assert file.read_bytes() == before


def test_a_failing_editor_leaves_the_file_alone(file: Path) -> None:
    before = file.read_bytes()

    def fail(content: bytes) -> bytes:
        raise EditorError("ended with status 1")

    with pytest.raises(EditorError):
        Scene(file, Editor([fail])).play()
    assert file.read_bytes() == before


def test_a_change_by_somebody_else_is_seen_before_the_write(file: Path) -> None:
    def meanwhile(content: bytes) -> bytes:
        file.write_text("theirs: 1\n")
        return content.replace(b"[v7]", b"[neu]")

    with pytest.raises(NotSaved):
        Scene(file, Editor([meanwhile]), answers=[False]).play()
    assert file.read_text() == "theirs: 1\n"


def test_going_on_after_such_a_change_saves_over_it_as_announced(file: Path) -> None:
    before = file.read_text()

    def meanwhile(content: bytes) -> bytes:
        file.write_text("theirs: 1\n")
        return content.replace(b"[v7]", b"[neu]")

    scene = Scene(file, Editor([meanwhile, bytes]), answers=[True])
    assert scene.play().changed
    assert file.read_text() == before.replace(token(b"v7"), token(b"neu"))


def test_broken_yaml_is_not_saved_where_the_file_was_whole(file: Path) -> None:
    before = file.read_bytes()
    scene = Scene(file, Editor([lambda content: content + b"broken: [1\n"]), answers=[False])
    with pytest.raises(NotSaved):
        scene.play()
    assert scene.errors[0].startswith("f.eyaml:50")
    assert "no longer YAML" in scene.errors[0]
    assert file.read_bytes() == before


def test_a_yaml_error_is_told_by_the_line_of_the_editor(tmp_path: Path) -> None:
    """Above it stand the preamble, a value of two lines, and a token of three where the editor shows one."""
    path = tmp_path / "f.eyaml"
    block = tokens.render(HEADER + b"y" * 60, layout=tokens.Layout(60, "  ", "\n"))
    path.write_text(f"a: {token(b'x')}\nb: >\n  {block}\nc: 1\n")
    scene = Scene(path, Editor([replacing("c: 1", "c: [1"), replacing("[x]", "[x\nz]")]), answers=[True, False])
    with pytest.raises(NotSaved):
        scene.play()
    assert [error.split(":")[1] for error in scene.errors] == ["5", "6"]


def test_a_file_that_never_was_yaml_can_be_edited(tmp_path: Path) -> None:
    path = tmp_path / "f.eyaml"
    path.write_bytes(b"caf\xe9: [" + token(b"one").encode() + b"\n")
    assert Scene(path, Editor([replacing("[one]", "[two]")])).play().encrypted == 1
    assert path.read_bytes() == b"caf\xe9: [" + token(b"two").encode() + b"\n"


def test_a_new_file_appears_only_when_something_was_written(tmp_path: Path) -> None:
    path = tmp_path / "new.eyaml"
    assert not Scene(path, Editor([bytes])).play().changed
    assert not path.exists()
    assert Scene(path, Editor([lambda content: content + b"a: DEC::GPG[x]!\n"])).play().encrypted == 1
    assert path.read_text() == f"---\na: {token(b'x')}\n"


def test_a_new_file_that_is_given_up_is_not_created(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "new.eyaml", Editor([lambda content: b"a: DEC::GPG[x\n"]), answers=[False])
    with pytest.raises(NotSaved, match="f.eyaml: was not created"):
        scene.play()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_is_an_error_before_the_editor(tmp_path: Path) -> None:
    with pytest.raises(FileProblem):
        Scene(tmp_path, Editor([])).play()


def test_what_only_looks_like_a_marker_is_asked_about_where_the_edit_added_it(file: Path) -> None:
    file.write_text("old: DEC:GPG[known]!\n")
    mend = replacing("new: dec::gpg[x]!", "new: DEC::GPG[x]!")
    scene = Scene(file, Editor([lambda content: content + b"new: dec::gpg[x]!\n", mend]), answers=[False])
    assert scene.play() == Edited(changed=True, encrypted=1)
    assert scene.errors == ["near a marker: line 2"]
    assert file.read_text() == f"old: DEC:GPG[known]!\nnew: {token(b'x')}\n"


def test_what_only_looks_like_a_marker_may_be_kept(file: Path) -> None:
    scene = Scene(file, Editor([lambda _: b"new: DEC:GPG[x]!\n"]), answers=[True])
    assert scene.play() == Edited(changed=True, encrypted=0)
    assert file.read_text() == "new: DEC:GPG[x]!\n"
