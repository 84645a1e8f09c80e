"""What a shell offers for an argument of ours. Nothing is decrypted, no gpg is run, and nothing is ever an error."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eyamlgpg.errors import EyamlgpgError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from eyamlgpg.model.people import Roster

Complete = Callable[[click.Context, click.Parameter, str], list["CompletionItem"]]


def quietly(offered: Callable[[click.Context], Iterable[tuple[str, str | None]]]) -> Complete:
    """Those of the offered values that go on from what was typed; none where a file is not what it should be."""

    @wraps(offered)
    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
        from click.shell_completion import CompletionItem

        try:
            values = dict(offered(ctx))
        except (EyamlgpgError, OSError):
            return []
        return [CompletionItem(value, help=told) for value, told in values.items() if value.startswith(incomplete)]

    return complete


def complete_revision_or_path(ctx: click.Context, _param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Branches and tags for the first word, behind `..` too; always the shell's own files."""
    from click.shell_completion import CompletionItem

    from eyamlgpg.repo.git import find_repository

    files = [CompletionItem(incomplete, type="file")]
    if ctx.params.get("words"):
        return files
    try:
        git = find_repository(Path.cwd(), os.environ)
        told = b"" if git is None else git.run("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags")
    except (EyamlgpgError, OSError):
        return files
    begun, dots, end = incomplete.rpartition("..")
    names = [name for name in ("HEAD", *os.fsdecode(told).splitlines()) if name.startswith(end)]
    return [*(CompletionItem(f"{begun}{dots}{name}") for name in names), *files]


@quietly
def complete_role(_ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """Every role that somebody has, as `--role` takes it."""
    yield from _roles()


@quietly
def complete_person_or_role(_ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The roles, each with its `@`, then the people."""
    for role, names in _roles():
        yield f"@{role}", names
    yield from _people()


@quietly
def complete_leaver(_ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The people and puppetmasters that the tree names in its own files, then all others."""
    from eyamlgpg.model.keys import UserId, Validity

    for member in _roster().members:
        yield UserId(member.name, Validity.UNKNOWN).email or member.name, member.name
    yield from _people()


def complete_newcomer(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Whoever has a key in the tree; else the shell's own files, for a key that comes from outside."""
    from click.shell_completion import CompletionItem

    return complete_person(ctx, param, incomplete) or [CompletionItem(incomplete, type="file")]


def _roles() -> Iterator[tuple[str, str]]:
    roster = _roster()
    for role in roster.roles:
        yield role, ", ".join(member.name for member in roster.members if role in member.roles)


def _roster() -> "Roster":
    from eyamlgpg.formats.settings import people, policy
    from eyamlgpg.formats.text import decode
    from eyamlgpg.model.people import Roster
    from eyamlgpg.operations.tree.settings import LARGEST_POLICY, PEOPLE, POLICY
    from eyamlgpg.trees.around import Trees
    from eyamlgpg.trees.files import TreeFiles

    files, root = TreeFiles(), Trees(os.environ).root(Path.cwd())
    texts = {
        place: decode(files.read(root / place, limit=LARGEST_POLICY))
        for place in (PEOPLE, POLICY)
        if files.exists(root / place) and not files.leads_out(root / place)
    }
    return Roster.of(
        people.parse(texts[PEOPLE], "") if PEOPLE in texts else None,
        policy.parse(texts[POLICY], "") if POLICY in texts else None,
    )


@quietly
def complete_recipient(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The recipients of the file that is meant: the address in the comment above, or what is written."""
    from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
    from eyamlgpg.trees.around import Trees
    from eyamlgpg.trees.files import TreeFiles

    files = TreeFiles()
    if ctx.params.get("everywhere"):
        trees = Trees(os.environ)
        paths = trees.named(trees.root(Path.cwd()), RECIPIENTS_FILE)
    else:
        governing = files.nearest_upwards(Path(ctx.params.get("at") or "."), RECIPIENTS_FILE)
        paths = () if governing is None else (governing,)
    yield from _listed(paths)
    yield from _blocks(paths)


@quietly
def complete_person(_ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """Whoever has a key in `.eyamlgpg/keys`, then the recipients of every list of the tree."""
    yield from _people()


def _people() -> Iterator[tuple[str, str | None]]:
    from eyamlgpg.formats.eyaml.recipients_file import RECIPIENTS_FILE
    from eyamlgpg.formats.openpgp.certificate import parse
    from eyamlgpg.model.keys import UserId, Validity
    from eyamlgpg.operations.tree.stored_keys import KEYS, LARGEST
    from eyamlgpg.trees.around import Trees
    from eyamlgpg.trees.files import TreeFiles

    trees, files = Trees(os.environ), TreeFiles()
    root = trees.root(Path.cwd())
    for path in sorted((root / KEYS).glob("*.asc")):
        try:
            names = [name for certificate in parse(files.read(path, limit=LARGEST)) for name in certificate.names]
        except EyamlgpgError:
            continue
        for name in names:
            yield UserId(name, Validity.UNKNOWN).email or name, name
    yield from _listed(trees.named(root, RECIPIENTS_FILE))


def _listed(paths: Iterable[Path]) -> Iterator[tuple[str, str | None]]:
    from eyamlgpg.formats.eyaml import recipients_file
    from eyamlgpg.formats.text import decode
    from eyamlgpg.model.keys import UserId, Validity
    from eyamlgpg.model.showable_names import is_plausible
    from eyamlgpg.trees.files import TreeFiles

    files = TreeFiles()
    for path in paths:
        for entry in recipients_file.parse(decode(files.read(path)), str(path)).entries:
            if not is_plausible(entry.recipient.name):
                continue
            if entry.comment and "@" not in entry.recipient.name:
                email = UserId(entry.comment, Validity.UNKNOWN).email
                yield (email, entry.comment) if email else (entry.recipient.name, entry.comment)
            else:
                yield entry.recipient.name, None


def _blocks(paths: Iterable[Path]) -> Iterator[tuple[str, str | None]]:
    from eyamlgpg.formats.eyaml import recipients_file
    from eyamlgpg.formats.text import decode
    from eyamlgpg.trees.files import TreeFiles

    for path in paths:
        for block in recipients_file.parse(decode(TreeFiles().read(path)), str(path)).roles.blocks:
            yield f"@{block.role}", None


@quietly
def complete_rule(_ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """Every rule, with what is wrong where it finds something."""
    from eyamlgpg.rules.catalogue import RULES

    for rule in RULES:
        yield rule.id, rule.title
