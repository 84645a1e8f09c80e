"""`edit`: open a file in the user's editor, and take back what was saved, whole or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eyamlgpg.errors import ChangedMeanwhile, EditorError, EyamlgpgError, Interrupted, NotSaved
from eyamlgpg.formats.eyaml.methods import Method
from eyamlgpg.formats.eyaml.near_markers import NearMarker
from eyamlgpg.formats.text import decode, encode
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.governed import Governed
from eyamlgpg.operations.ports import Decrypter, Editor, Encrypters, Files, Pkcs7
from eyamlgpg.operations.values.edit_buffer import Buffer, open_buffer
from eyamlgpg.operations.values.edit_return import ReadBack, near_added, read_back
from eyamlgpg.operations.values.encrypt import Sealing
from eyamlgpg.operations.values.opened_text import OpenedText, open_text, standing
from eyamlgpg.operations.values.proof import Rewritten, prove
from eyamlgpg.operations.values.spans import spans_of


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What is to be edited, and how."""

    path: Path
    """Where the file stands, or will stand."""
    name: str
    """As the user wrote it."""
    preamble: bool = True
    decrypt: bool = True
    default: Method | None = None
    only: tuple[KeyPath, ...] = ()
    """Whose values are opened; none: all values."""


@dataclass(frozen=True, slots=True)
class EditPorts:
    """The world of one edit."""

    files: Files
    decrypter: Decrypter
    pkcs7: Pkcs7
    encrypters: Encrypters
    wanted: Callable[[], Governed]
    """Who is to read; asked only when there is something to encrypt."""
    editor: Editor
    back_to_editor: Callable[[EyamlgpgError], bool]
    """Shows an error and asks whether to go on with the text as left."""
    keep_in_clear: Callable[[Sequence[NearMarker]], bool]
    """Asks whether what only looks like a marker is to be saved as it is; no leads back to the editor."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit came to."""

    changed: bool
    encrypted: int
    """How many values were encrypted anew."""
    warnings: tuple[str, ...] = ()


def edit(request: EditRequest, ports: EditPorts) -> Edited:
    """One edit, from the file as it is to the file as saved.

    The file is replaced only after the whole new text was made and verified. After an error the user may go back to
    the editor with the text as left; otherwise NotSaved is raised and the file is as it was.
    """
    content = _read(request, ports.files)
    buffer = open_buffer(_opened(content, request, ports), request.name, preamble=request.preamble)
    shown = encode(buffer.text)
    while True:
        saved = ports.editor.edit(shown)
        try:
            near = near_added(buffer, decode(saved))
            if near and not ports.keep_in_clear(near):
                shown = saved
                continue
            with ports.files.turn(request.path):
                return _take_back(buffer, saved, request, content, ports)
        except (Interrupted, EditorError):
            raise
        except EyamlgpgError as error:
            if not ports.back_to_editor(error):
                raise NotSaved(_unchanged(request, content), status=error.status) from error
            shown = saved
            if isinstance(error, ChangedMeanwhile):
                # The user was told that to save again replaces the other version, and chose to go on.
                content = _read(request, ports.files)


def _unchanged(request: EditRequest, content: bytes | None) -> str:
    return f"{request.name}: was not created" if content is None else f"{request.name}: is as it was, nothing was saved"


def _read(request: EditRequest, files: Files) -> bytes | None:
    return files.read(request.path) if files.exists(request.path) else None


def _opened(content: bytes | None, request: EditRequest, ports: EditPorts) -> OpenedText | None:
    if content is None:
        return None
    text = decode(content)
    if not request.decrypt:
        return OpenedText(text, ())
    only = spans_of(text, request.name, request.only) if request.only else None
    return open_text(text, request.name, ports.decrypter, request.default, pkcs7=ports.pkcs7, only=only)


def _take_back(buffer: Buffer, saved: bytes, request: EditRequest, content: bytes | None, ports: EditPorts) -> Edited:
    back = read_back(buffer, decode(saved))
    if back is None:
        return Edited(changed=False, encrypted=0)
    wanted = ports.wanted() if any(new.method is Method.GPG for new in back.new) else None
    messages: list[bytes] = []
    if back.new:
        encrypter = ports.encrypters.for_file(request.path, lambda: standing(buffer.original or "", request.default))
        sealing = Sealing(wanted.readers if wanted else (), encrypter, ports.pkcs7)
        messages = [sealing.seal(new.plaintext, new.method) for new in back.new]
    text = back.with_messages(messages)
    if text == buffer.original:
        return Edited(changed=False, encrypted=0)
    _prove(text, back, messages, buffer)
    ports.files.replace(request.path, encode(text), expected=content)
    return Edited(changed=True, encrypted=len(messages), warnings=wanted.warnings if wanted else ())


def _prove(text: str, back: ReadBack, messages: list[bytes], buffer: Buffer) -> None:
    def line_shown(line: int) -> int:
        return back.line_in_editor(line, messages)

    prove(Rewritten(buffer.name, buffer.original, text), messages, line_shown=line_shown)
