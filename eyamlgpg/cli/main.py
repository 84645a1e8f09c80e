"""The console script: the list of commands, and the one place where an error becomes words and a status."""

import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from eyamlgpg.cli.completion import VARIABLE
from eyamlgpg.cli.groups import Late, LateCommands
from eyamlgpg.cli.messages import Messages
from eyamlgpg.cli.versions import version_options
from eyamlgpg.errors import EyamlgpgError, FileProblem, Interrupted, Unexpected
from eyamlgpg.host import streams

COMMANDS = {
    "encrypt": Late("eyamlgpg.cli.commands.encrypt", "Encrypt one secret, or markers or clear values of a file."),
    "decrypt": Late("eyamlgpg.cli.commands.decrypt", "Decrypt the values of a text and print it."),
    "edit": Late("eyamlgpg.cli.commands.edit", "Edit a file with its values in clear, in $VISUAL or $EDITOR."),
    "get": Late("eyamlgpg.cli.commands.get", "Print the plain value at a Hiera key, no newline added."),
    "set": Late(
        "eyamlgpg.cli.commands.set",
        "Encrypt one value into a Hiera key of a file.",
    ),
    "recrypt": Late("eyamlgpg.cli.commands.recrypt", "Re-encrypt values to the recipients that now govern them."),
    "who": Late(
        "eyamlgpg.cli.commands.who",
        "Tell who can read each value, from the ciphertext itself.",
    ),
    "onboard": Late(
        "eyamlgpg.cli.commands.onboard",
        "Let somebody join.",
    ),
    "offboard": Late(
        "eyamlgpg.cli.commands.offboard",
        "Let somebody go.",
    ),
    "rotation": Late(
        "eyamlgpg.cli.commands.rotation",
        "List the values to change because somebody left.",
    ),
    "audit": Late(
        "eyamlgpg.cli.commands.audit",
        "Tell who can read what, and what is risky about it.",
    ),
    "diff": Late(
        "eyamlgpg.cli.commands.diff",
        "Tell what a change means for each secret, for a review.",
    ),
    "recipients": Late(
        "eyamlgpg.cli.commands.recipients",
        "Who may read: the recipients files and their keys.",
    ),
    "keys": Late("eyamlgpg.cli.commands.keys", "Keys: make, store, import, certify and check them."),
    "check": Late(
        "eyamlgpg.cli.commands.check",
        "Find clear-text secrets, unreadable values and wrong readers.",
    ),
    "explain": Late(
        "eyamlgpg.cli.commands.explain",
        "Show the page of a rule, with an example and how to mend it.",
    ),
    "hook": Late(
        "eyamlgpg.cli.commands.hook",
        "Git's hooks, which run `check --staged` before each commit.",
    ),
    "git": Late(
        "eyamlgpg.cli.commands.git",
        "Let git show and merge values, not ciphertext.",
    ),
    "hiera": Late(
        "eyamlgpg.cli.commands.hiera",
        "The hiera.yaml by which Puppet decrypts.",
    ),
    "doctor": Late(
        "eyamlgpg.cli.commands.doctor",
        "Say what is wrong with this set-up, and what mends it.",
    ),
    "demo": Late(
        "eyamlgpg.cli.commands.demo",
        "Play the whole story on a throwaway keyring, in seconds.",
    ),
    "completion": Late(
        "eyamlgpg.cli.completion.shells",
        "Print the script that lets a shell complete by Tab.",
    ),
}
"""Each command, the module whose `command` it is, and its help in short, in the order that a newcomer needs."""

OTHERS = {
    "version": "--version",
    "help": "--help",
    "createkeys": "keys generate",
    "rekey": "recrypt",
    "reencrypt": "recrypt",
    "re-encrypt": "recrypt",
    "updatekeys": "recrypt",
    "view": "get",
    "show": "get",
    "cat": "decrypt -f",
    "insert": "set",
    "readers": "who",
}
"""Words of eyaml, ansible-vault, sops and pass, and how the same is done here."""

NO_THREAD = "can't start new thread"
"""Python's own words, in a RuntimeError."""


NO_MEMORY = ("failed to map segment from shared object", "cannot allocate memory")
"""The loader's words for a library that there is no room for, in an ImportError."""

NO_TEMPORARY = "No usable temporary directory"
"""Python's own words, in a FileNotFoundError."""


@click.group(
    cls=LateCommands,
    table=COMMANDS,
    others=OTHERS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="`eyamlgpg COMMAND --help` tells each command's options.",
)
@version_options
def cli() -> None:
    """OpenPGP secrets in Hiera data: encrypt, edit, and re-encrypt ENC[GPG,…] values.

    Reads and writes the same files as hiera-eyaml with hiera-eyaml-gpg; `puppet lookup` reads what it writes.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; the exit status, as docs/reference/exit-statuses.md tells them."""
    from eyamlgpg.host.core_dumps import forbid_core_dumps
    from eyamlgpg.host.signals import interruptible

    forbid_core_dumps()
    streams.occupy()
    if VARIABLE in os.environ:
        return _answer_shell(os.environ[VARIABLE])
    words = list(sys.argv[1:] if arguments is None else arguments)
    messages = Messages()
    try:
        _refuse_windows()
        with interruptible():
            status = _run(words, messages)
        return status if isinstance(status, int) else 0
    except click.exceptions.Abort:
        messages.error(Interrupted("interrupted; every file is whole, either old or new"))
        return Interrupted.status
    except click.ClickException as error:
        return _usage(error, messages)
    except BrokenPipeError:
        # The reader of our output went away; say nothing, and keep Python from saying it at exit.
        streams.give_up(sys.stdout)
        return 3
    except OSError as error:
        # What click writes itself (help, the version) to a full disk, or a machine that refuses what nobody foresaw.
        streams.give_up(sys.stdout)
        messages.error(_refused(error))
        messages.traceback()
        return FileProblem.status
    except EyamlgpgError as error:
        messages.error(error)
        messages.traceback()
        return error.status
    except (RuntimeError, MemoryError, ImportError) as error:
        lacking = _lacking(error)
        if lacking is None:
            return _unexpected(error, messages)
        messages.error(lacking)
        messages.traceback()
        return lacking.status
    except Exception as error:  # noqa: BLE001 - the boundary: nothing may reach the user as a traceback
        return _unexpected(error, messages)


def _lacking(error: Exception) -> EyamlgpgError | None:
    """The error for what the machine has too little of; None for any other."""
    if isinstance(error, MemoryError) or any(words in str(error) for words in NO_MEMORY):
        return EyamlgpgError("the machine has no memory to spare", "`ulimit -v` tells the limit")
    if str(error) == NO_THREAD:
        return EyamlgpgError("the machine has no thread or process to spare", "`ulimit -u` tells the limit")
    return None


def _refused(error: OSError) -> FileProblem:
    words = error.strerror or "failed"
    if error.filename is None and words.startswith(NO_TEMPORARY):
        return FileProblem(f"no folder for temporary files: {words}", "set TMPDIR to a folder that you may write to")
    return FileProblem(f"{error.filename or 'input or output'}: {words}")


def _unexpected(error: Exception, messages: Messages) -> int:
    messages.error(Unexpected.from_exception(error))
    messages.traceback()
    return Unexpected.status


def _run(words: list[str], messages: Messages) -> Any:
    """What click's own `main` does, but for a reader that went away: it would end the process with status 1."""
    try:
        with cli.make_context("eyamlgpg", words, obj=messages) as context:
            return cli.invoke(context)
    except click.exceptions.Exit as left:
        return left.exit_code
    except (EOFError, KeyboardInterrupt):
        raise click.exceptions.Abort from None


def _answer_shell(instruction: str) -> int:
    from eyamlgpg.cli.completion.shells import answer_shell

    return answer_shell(cli, instruction)


def _usage(error: click.ClickException, messages: Messages) -> int:
    command = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "eyamlgpg"
    # click breaks some of its lines.
    sentence = " ".join(error.format_message().split())
    hints = [f"`{command} --help` tells more"]
    if isinstance(error, click.NoSuchOption) and command == "eyamlgpg":
        hints.insert(0, f"options stand behind the command: eyamlgpg COMMAND {error.option_name}")
    messages.error(EyamlgpgError(sentence, *hints))
    return 2


def _refuse_windows() -> None:
    if sys.platform == "win32":
        raise EyamlgpgError("eyamlgpg runs on Linux and macOS; on Windows use the Windows Subsystem for Linux")
