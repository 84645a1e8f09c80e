"""`eyamlgpg recipients`."""

from pathlib import Path
from typing import Any

import click

from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.options import format_option, gnupg_options, recipients_options
from eyamlgpg.cli.world import open_world
from eyamlgpg.errors import FileProblem, worst
from eyamlgpg.model.recipients import Refused
from eyamlgpg.operations.recipients import find_source, resolutions
from eyamlgpg.render.keys import recipients_as_json, recipients_as_text


@click.group("recipients")
def command() -> None:
    """Who may read: the recipients files and the keys that their lines mean."""


@command.command("list")
@click.argument("path", metavar="[PATH]", default=".", type=click.Path(path_type=Path))
@format_option("text", "json")
@recipients_options
@gnupg_options
def list_(path: Path, output_format: str, **options: Any) -> int:
    """Show which recipients apply to PATH and the key that each of them means.

    PATH is a file or a folder, by default the working directory. The exit status is 3 where one cannot be used.
    """
    world = open_world(options)
    real = path.resolve()
    if not real.exists() and not real.parent.is_dir():
        raise FileProblem(f"{path}: there is no such file or folder")
    source = find_source(world.recipients_request, real if real.is_dir() else real.parent, world.files)
    found = resolutions(source, world.recipients_request, world.keyring)
    world.messages.warn(*source.warnings)
    render = recipients_as_json if output_format == "json" else recipients_as_text
    answer(render(str(path), source, found))
    return worst(resolution.error.status for resolution in found if isinstance(resolution, Refused))
