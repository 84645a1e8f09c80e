"""The Hiera keys that a shell offers: of a file, or of what stands in a folder. Nothing is decrypted."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eyamlgpg.cli.completion.offers import quietly
from eyamlgpg.errors import EyamlgpgError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

MOST_FILES = 500
"""Files that are read for one answer: whoever presses Tab waits for it."""


@quietly
def complete_key(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The Hiera keys of FILE, those of encrypted values first."""
    yield from sorted(_keys(ctx.params.get("file") or _first_word(ctx)), key=lambda key: key[1] is None)


@quietly
def complete_clear_key(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The Hiera keys of FILE whose values stand in clear text."""
    yield from (key for key in _keys(_first_word(ctx)) if key[1] is None)


@quietly
def complete_encrypted_key(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The Hiera keys of FILE whose values are encrypted."""
    yield from (key for key in _keys(ctx.params.get("file") or _first_word(ctx)) if key[1] is not None)


def complete_file_or_key(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """The shell's own files for the first word, the keys of that file for those behind."""
    from click.shell_completion import CompletionItem

    if not _first_word(ctx):
        return [CompletionItem(incomplete, type="file")]
    return complete_clear_key(ctx, param, incomplete)


def _first_word(ctx: click.Context) -> str | None:
    """That of the command line; click leaves the words among the rest where an option lacks its value still."""
    return next(iter(ctx.params.get("words") or ctx.args), None)


def _keys(file: "str | Path | None") -> Iterator[tuple[str, str | None]]:
    """Each key of a file that holds a single value, told as encrypted where that is so."""
    from eyamlgpg.formats.text import decode
    from eyamlgpg.formats.yaml.parse import locate
    from eyamlgpg.formats.yaml.structure import NotYaml
    from eyamlgpg.trees.files import TreeFiles

    structure = locate(decode(TreeFiles().read(Path(file)))) if file else None
    if structure is None or isinstance(structure, NotYaml):
        return
    for scalar in structure.scalars:
        if scalar.path and not scalar.is_key:
            yield str(scalar.path), "encrypted" if "ENC[" in scalar.value else None


@quietly
def complete_key_below(ctx: click.Context) -> Iterator[tuple[str, str | None]]:
    """The Hiera keys of encrypted values in the files that PATH means, which is the working directory if none is."""
    from eyamlgpg.formats.eyaml.values import find_values
    from eyamlgpg.formats.text import decode
    from eyamlgpg.operations.tree.selection import select_files
    from eyamlgpg.trees.around import Trees
    from eyamlgpg.trees.files import TreeFiles

    files = TreeFiles()
    paths = [Path(path) for path in ctx.params.get("paths") or ("",)]
    for file in select_files(paths, Trees(os.environ), files).files[:MOST_FILES]:
        try:
            text = decode(files.read(file.path))
        except EyamlgpgError:
            continue
        if "ENC[" in text:
            yield from ((str(value.path), file.name) for value in find_values(text).values if value.path is not None)
