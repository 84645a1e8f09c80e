"""`eyamlgpg diff`."""

import os
import sys
from typing import Any

import click

from eyamlgpg.cli.commands.diff_trees import opened
from eyamlgpg.cli.completion.offers import complete_revision_or_path
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.opening_bar import opening_bar
from eyamlgpg.cli.options import NAMED_OR_DASH, format_option, gnupg_options, method_option
from eyamlgpg.cli.stored_keys import known_keys
from eyamlgpg.cli.teaching import TeachingCommand
from eyamlgpg.cli.world import open_world
from eyamlgpg.errors import UsageError, raise_all
from eyamlgpg.operations.diff.diff import DiffPorts, DiffRequest, diff
from eyamlgpg.operations.diff.readers import Readers

_MARKDOWN = "markdown"


@click.command("diff", cls=TeachingCommand)
@click.argument(
    "words",
    metavar="[REV | REV..REV] [PATH]...",
    nargs=-1,
    type=NAMED_OR_DASH,
    shell_complete=complete_revision_or_path,
)
@click.option("--staged", is_flag=True, help="Compare the index with the last commit, or with REV.")
@click.option(
    "--show", count=True, help="Print plaintexts, on a terminal; twice for a pipe or a file. Not in markdown."
)
@format_option("text", "json", _MARKDOWN)
@method_option
@gnupg_options
def command(words: tuple[str, ...], staged: bool, show: int, output_format: str, **options: Any) -> int:  # noqa: FBT001 - click's
    """Tell what a change means for each secret, for a review.

    Each is changed, re-encrypted, for other readers, moved, or in clear text. As `git diff` does, it compares the
    working tree with the index, which has what was added last; untracked files are left out. REV compares the working
    tree with that commit, A..B compares two, and A...B tells what B changed since it left A. Changes of recipients
    come first. No secret key is needed; without one, a message that was made anew is "changed or re-encrypted". The
    exit status is 0 with or without changes.

    $ eyamlgpg diff --staged
    $ eyamlgpg diff --format markdown origin/main...HEAD
    """
    _refuse_to_show(show, output_format)
    world = open_world(options)
    with opened(words, world, staged=staged) as compared:
        moments = compared.moments
        readers = Readers(known_keys(moments.after, world), world.resolver)
        own = world.keyring.own_key_ids()
        request = DiffRequest(os.urandom(32), world.default_method, own, bool(show), compared.covers)
        made = diff(moments, request, DiffPorts(world.files, readers, lambda: world.decrypter, opening_bar(world)))
        unmerged = (path for path in compared.unmerged if compared.covers(path))
        world.messages.warn(*(f"{path}: has conflicts, and is left out" for path in unmerged), *made.warnings)
    if output_format == "json":
        from eyamlgpg.render.diff.programs import diff_as_json

        answer(diff_as_json(made))
    elif output_format == _MARKDOWN:
        from eyamlgpg.render.diff.markdown import diff_as_markdown

        answer(diff_as_markdown(made))
    else:
        from eyamlgpg.render.diff.text import diff_as_text

        answer(diff_as_text(made, *compared.title))
    raise_all(made.errors)
    return 0


def _refuse_to_show(show: int, output_format: str) -> None:
    if show and output_format == _MARKDOWN:
        raise UsageError("--show prints plaintexts, and markdown is made for others to read", "leave --show out")
    if show == 1 and not sys.stdout.isatty():
        raise UsageError(
            "--show prints plaintexts, and standard output is not a terminal",
            "to print them all the same: --show --show",
        )
