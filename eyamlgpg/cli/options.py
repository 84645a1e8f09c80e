"""Options that several commands share; those of the gems keep their names and meanings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from eyamlgpg.cli.messages import Messages
from eyamlgpg.host import paths

Function = TypeVar("Function", bound=Callable[..., Any])


class NamedPath(click.Path):
    """A path that somebody wrote; an unset variable of a script is none.

    Whether it is there and can be read is told where it is read, with the status of that.
    """

    def __init__(self, path_type: type = Path, *, file_okay: bool = True) -> None:
        super().__init__(path_type=path_type, readable=False, file_okay=file_okay)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; wrong usage for an empty one."""
        if value == "":
            self.fail("an empty name is no path.", param, ctx)
        return super().convert(value, param, ctx)


class NamedPlace(NamedPath):
    """A file or folder of a tree; a pipe or a device (`<(command)`, `/dev/stdin`) is no place in one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; FileProblem for a stream, by the name that was written and not by that of what it leads to."""
        path = super().convert(value, param, ctx)
        if ctx is None or not ctx.resilient_parsing:
            paths.refuse_stream(Path(path))
        return path


NAMED = NamedPath()
PLACE = NamedPlace()
NAMED_OR_DASH = NamedPath(str)
"""As text, for `-` may mean standard input."""


def _stacked(*decorators: Callable[[Function], Function]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def _trace(ctx: click.Context, _option: click.Parameter, value: Any) -> Any:
    """Remember the wish at once: what goes wrong before the command begins is traced, too."""
    ctx.ensure_object(Messages).trace = value
    return value


def gnupg_options(function: Function) -> Function:
    """Which keyring, and how much is said."""
    return _stacked(
        click.option(
            "--gpg-gnupghome",
            metavar="DIR",
            type=click.Path(readable=False),
            help="The GnuPG home to use. [default: $HIERA_EYAML_GPG_GNUPGHOME, $GNUPGHOME, ~/.gnupg]",
        ),
        click.option("-v", "--verbose", is_flag=True, help="Say which files and keys are used."),
        click.option("-q", "--quiet", is_flag=True, help="No warnings, no progress; errors only."),
        click.option("-t", "--trace", is_flag=True, callback=_trace, help="Show a Python traceback with an error."),
    )(function)


def method_option(function: Function) -> Function:
    """The gems' `-n`, for commands whose new values name their method."""
    return _method_option("The method of values that name none. [default: gpg]")(function)


def new_method_option(function: Function) -> Function:
    """The same for commands that make a value."""
    return _method_option("The method of the new value. [default: gpg]")(function)


def _method_option(told: str) -> Callable[[Function], Function]:
    choice = click.Choice(["gpg", "pkcs7"], case_sensitive=False)
    return click.option("-n", "--encrypt-method", type=choice, default=None, help=told)


def pkcs7_options(function: Function) -> Function:
    """The gems' key pair of PKCS7."""
    return _stacked(
        click.option(
            "--pkcs7-private-key",
            metavar="FILE",
            type=NAMED,
            help="The private key of PKCS7 values. [default: keys/private_key.pkcs7.pem]",
        ),
        click.option(
            "--pkcs7-public-key",
            metavar="FILE",
            type=NAMED,
            help="The certificate of PKCS7 values. [default: keys/public_key.pkcs7.pem]",
        ),
        click.option(
            "--pkcs7-private-key-env-var", metavar="NAME", help="The environment variable that holds the private key."
        ),
        click.option(
            "--pkcs7-public-key-env-var", metavar="NAME", help="The environment variable that holds the certificate."
        ),
    )(function)


def recipients_options(function: Function) -> Function:
    """Who is to read."""
    return _stacked(
        click.option("--gpg-recipients", metavar="A,B", help="Encrypt to these instead of the recipients file's."),
        click.option(
            "--gpg-recipients-file",
            metavar="FILE",
            type=NAMED,
            help="Use this recipients file instead of the nearest hiera-eyaml-gpg.recipients.",
        ),
        always_trust_option,
    )(function)


def judging_recipients_options(function: Function) -> Function:
    """Who should read, for commands that encrypt nothing."""
    return _stacked(
        click.option("--gpg-recipients", metavar="A,B", help="Go by these instead of the recipients file's."),
        click.option(
            "--gpg-recipients-file",
            metavar="FILE",
            type=NAMED,
            help="Go by this recipients file instead of the nearest hiera-eyaml-gpg.recipients.",
        ),
        judging_trust_option,
    )(function)


def judging_trust_option(function: Function) -> Function:
    """`--gpg-always-trust` for commands that encrypt nothing."""
    return click.option(
        "--gpg-always-trust",
        is_flag=True,
        default=None,
        help="Take keys that nobody here certified as usable, too. Expired and revoked ones stay unusable.",
    )(function)


def always_trust_option(function: Function) -> Function:
    """The gems' `--gpg-always-trust`."""
    return click.option(
        "--gpg-always-trust",
        is_flag=True,
        default=None,
        help="Encrypt to keys that nobody here certified, too. Expired and revoked ones stay refused.",
    )(function)


def format_option(*formats: str) -> Callable[[Function], Function]:
    """`--format`, the first one being the default."""
    return click.option(
        "--format",
        "output_format",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print the report.",
    )


def yes_option(function: Function) -> Function:
    """`-y` for questions."""
    return click.option("-y", "--yes", is_flag=True, help="Answer every question with yes.")(function)


def sign_option(function: Function) -> Function:
    """Whether a changed list is approved at once, where lists must be signed."""
    return click.option(
        "--sign/--no-sign",
        "signs",
        default=None,
        help="Where lists must be signed: sign the changed ones, or leave that to an approver. [default: sign, as an "
        "approver]",
    )(function)
