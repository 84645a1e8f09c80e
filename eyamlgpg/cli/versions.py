"""`eyamlgpg --version`, and with `-v` the versions of what it works with."""

import sys
from collections.abc import Iterator
from typing import Any

import click

from eyamlgpg import __version__


def version_options(function: Any) -> Any:
    """`--version`, which `-v` makes longer."""
    told = "With --version: also the versions of gpg, OpenSSL, Python and git."
    # Read first, whatever the order, so that the other one knows.
    verbose = click.option("-v", "--verbose", is_flag=True, is_eager=True, expose_value=False, help=told)
    version = click.option(
        "--version", is_flag=True, expose_value=False, callback=_version, help="Show the version and exit."
    )
    return version(verbose(function))


def _version(ctx: click.Context, _option: click.Parameter, value: Any) -> None:
    if ctx.resilient_parsing:
        return
    is_verbose = ctx.get_parameter_source("verbose") is click.core.ParameterSource.COMMANDLINE
    if value:
        click.echo("\n".join([f"eyamlgpg {__version__}", *(_others() if is_verbose else ())]))
        ctx.exit()
    if is_verbose:
        raise click.NoSuchOption("-v", ctx=ctx)


def _others() -> Iterator[str]:
    from eyamlgpg.gpg.sealing.library import cryptography_version, openssl_version
    from eyamlgpg.host.programs import version_and_path

    yield _program("gpg", *version_and_path("gpg"))
    yield f"{openssl_version()} (by cryptography {cryptography_version()})"
    yield f"Python {sys.version.split()[0]} ({sys.executable})"
    yield _program("git", *version_and_path("git"))


def _program(name: str, version: str | None, path: str | None) -> str:
    if path is None:
        return f"{name}: not found on PATH"
    return f"{name} {version or 'of an unknown version'} ({path})"
