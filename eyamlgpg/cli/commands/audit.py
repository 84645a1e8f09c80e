"""`eyamlgpg audit`."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.commands.audit_trees import Asked, opened, read_words
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import NAMED_OR_DASH, format_option, gnupg_options, method_option
from eyamlgpg.cli.stored_keys import known_keys
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import World, open_world
from eyamlgpg.errors import EyamlgpgError, flattened, raise_all
from eyamlgpg.model.audit import At, Audit, AuditDifference
from eyamlgpg.model.people import Roster
from eyamlgpg.operations.audit.audit import AuditRequest, audit
from eyamlgpg.operations.audit.difference import difference
from eyamlgpg.operations.tree.governance import Governance, TreeLists
from eyamlgpg.operations.tree.settings import TreeSettings
from eyamlgpg.operations.tree_ports import Tree
from eyamlgpg.render.audit.page import difference_as_page, single_as_page
from eyamlgpg.render.audit.programs import (
    difference_as_csv,
    difference_as_json,
    single_as_csv,
    single_as_json,
)
from eyamlgpg.render.audit.text import difference_as_text, single_as_text
from eyamlgpg.trees.commit import CommitTree

_SINGLE: dict[str, Callable[[Audit], str | Iterable[str]]] = {
    "text": single_as_text,
    "json": single_as_json,
    "csv": single_as_csv,
    "html": single_as_page,
}
_DIFFERENCE: dict[str, Callable[[AuditDifference], str | Iterable[str]]] = {
    "text": difference_as_text,
    "json": difference_as_json,
    "csv": difference_as_csv,
    "html": difference_as_page,
}


@click.command("audit", cls=TeachingCommand)
@click.argument("words", metavar="[REV | REV..REV] [PATH]...", nargs=-1, type=NAMED_OR_DASH)
@format_option("text", "json", "csv", "html")
@click.option("-o", "--output", metavar="FILE", type=NAMED_OR_DASH, help="Write the report to this file.")
@method_option
@gnupg_options
def command(words: tuple[str, ...], output_format: str, output: str | None, **options: Any) -> int:
    """Tell who can read what, and what is risky about it. It reads only the ciphertext and needs no secret key.

    Reads the tree of the commit REV, by default the working tree; REV..REV shows what changed between two commits. PATH
    is a file or a folder, by default the whole tree. Names come from the keyring, .eyamlgpg/keys, and all that this
    folder ever held. Recipients files, puppetmasters and people are those of the same commit.

    $ eyamlgpg audit --format html -o access.html
    $ eyamlgpg audit HEAD~20..HEAD
    """
    world = open_world(options)
    asked = read_words(words, world)
    made = [_audit(revision, asked, world) for revision in asked.revisions or (None,)]
    content = _SINGLE[output_format](*made) if len(made) == 1 else _DIFFERENCE[output_format](difference(*made))
    _write(content, output, world)
    world.messages.warn(*dict.fromkeys(sentence for one in made for sentence in one.warnings))
    raise_all(list({str(error): error for one in made for error in one.errors}.values()))
    return 0


def _audit(revision: str | None, asked: Asked, world: World) -> Audit:
    with opened(revision, asked.paths, world) as tree:
        if isinstance(tree, CommitTree):
            commit = tree.commit
            at = At(commit.commit_id, commit.date, revision, tree.root.name)
            today = datetime.fromisoformat(commit.committed).astimezone(UTC).date()
        else:
            at, today = At(None, world.now.isoformat(timespec="seconds"), tree=tree.root.name), world.now.date()
        keyring = world.keyring.keys()
        own = frozenset(key.fingerprint for key in keyring if key.has_secret)
        roster, errors = _roster(tree)
        request = AuditRequest(at, today, world.default_method, roster, own, errors)
        return audit(tree, request, Governance(TreeLists(tree, world.files), world.resolver), known_keys(tree, world))


def _roster(tree: Tree) -> tuple[Roster, tuple[EyamlgpgError, ...]]:
    """The people and puppetmasters of a tree; nobody where its files are wrong, which does not hide any reader."""
    try:
        return TreeSettings(tree).roster, ()
    except EyamlgpgError as error:
        return Roster(), tuple(flattened([error]))


def _write(content: str | Iterable[str], output: str | None, world: World) -> None:
    """To standard output, or in place of a file as a whole."""
    if output in (None, "-"):
        answer(content)
        return
    path = Path(output)
    before = world.files.read(path) if world.files.exists(path) else None
    pieces = (content,) if isinstance(content, str) else content
    written = b"".join(piece.encode("utf-8", "surrogateescape") for piece in pieces)
    world.files.replace(path, written, expected=before)
    world.messages.say(f"{path}: written")
