"""`eyamlgpg completion`, and the answers to the shells that ask."""

import os
import re
from contextlib import redirect_stderr
from io import StringIO

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    shell_complete,
    split_arg_string,
)

from eyamlgpg.cli.completion import VARIABLE
from eyamlgpg.cli.messages import answer
from eyamlgpg.cli.teaching import TeachingCommand

PROGRAM = "eyamlgpg"
"""The variable by which a shell asks for completions, named as click names it."""


_SAFE_IN_QUOTES = re.compile(r"[\w:./@%+,= -]*")
"""What means itself between quotes of either kind, in every shell."""


def is_in_quotes(line: str) -> bool:
    """Whether the last word of a command line has a quote in it, open or closed, which no backslash took away."""
    quote, has_quote, place = "", False, 0
    while place < len(line):
        letter = line[place]
        if letter == "\\" and quote != "'":
            place += 1
        elif quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote, has_quote = letter, True
        elif letter.isspace():
            has_quote = False
        place += 1
    return has_quote


class _Harmless(ShellComplete):
    """Offers only what a shell inserts as it is meant.

    A shell quotes what it is given where nothing is quoted yet. Between quotes bash does not, and what a key says would
    be run by the next Enter, so nothing is offered there that is more than letters and common signs. A line break or
    another control character is offered nowhere, for the answers are lines.
    """

    def typed(self) -> str:
        """The command line up to the cursor, as far as the shell tells it."""
        return os.environ.get("COMP_WORDS", "")

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """As click does, without what is dangerous."""
        in_quotes = is_in_quotes(self.typed())
        return [item for item in super().get_completions(args, incomplete) if _is_harmless(item, in_quotes=in_quotes)]


def _is_harmless(item: CompletionItem, *, in_quotes: bool) -> bool:
    if item.type != "plain":
        return True  # the shell's own completion of paths, which quotes
    if item.help:
        item.help = "".join(letter if letter.isprintable() else "?" for letter in item.help)
    return str(item.value).isprintable() and (not in_quotes or _SAFE_IN_QUOTES.fullmatch(item.value) is not None)


class BashWithColons(_Harmless, BashComplete):
    """Bash, for words full of colons, at which readline breaks them; and for the bash 3.2 of macOS.

    click's own script takes the words that readline made, where `profile::db` is three.
    """

    source_template = r"""
%(complete_func)s() {
    local line kind value typed IFS=$'\n'
    COMPREPLY=()
    typed=${COMP_LINE:0:COMP_POINT}
    typed=${typed##*[[:space:]]}
    while read -r line; do
        kind=${line%%%%,*} value=${line#*,}
        # Between double quotes bash 5.3 inserts the name of a file as it is, `$(command)` too.
        case ${BASH_VERSINFO[0]}.${BASH_VERSINFO[1]} in [1-4].* | 5.[0-2]) kind=${kind#quoted-} ;; esac
        case $kind in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain)
                case $typed in
                    [\"\']*) COMPREPLY+=("$value"); continue ;;
                    -*) ;;
                    *:*) case $COMP_WORDBREAKS in *:*) value=${value#"${typed%%"${typed##*:}"}"} ;; esac ;;
                esac
                COMPREPLY+=("$(printf %%q "$value")") ;;
        esac
    done < <(COMP_LINE=${COMP_LINE:0:COMP_POINT} %(complete_var)s=bash_complete "${1/#\~/$HOME}" 2>/dev/null)
}
complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null ||
    complete -F %(complete_func)s %(prog_name)s
"""

    def source(self) -> str:
        """The script; which bash stands on PATH says nothing about the one that will read it."""
        return ShellComplete.source(self).lstrip()

    def typed(self) -> str:
        """Bash tells the line, and where the cursor is by cutting it there."""
        return os.environ.get("COMP_LINE", "")

    def format_completion(self, item: CompletionItem) -> str:
        """A line of the answer; what kind of a name bash is to complete, and whether between quotes."""
        quoted = "quoted-" if item.type != "plain" and is_in_quotes(self.typed()) else ""
        return quoted + super().format_completion(item)

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and the one that it stands in."""
        # A letter that is no letter of any word tells an unfinished word from the blank behind a finished one.
        *words, last = split_arg_string(os.environ["COMP_LINE"] + "\0")
        return words[1:], last.removesuffix("\0")


class HarmlessZsh(_Harmless, ZshComplete):
    """Zsh, which says itself whether the cursor stands between quotes."""

    source_template = ZshComplete.source_template.replace(
        "env COMP_WORDS=", 'env COMP_QUOTE="$compstate[all_quotes]" COMP_WORDS='
    )

    def typed(self) -> str:
        """The words; a quote behind them stands for the one that is open at the cursor."""
        return super().typed() + os.environ.get("COMP_QUOTE", "")


class HarmlessFish(_Harmless, FishComplete):
    """Fish, for values with commas, at which click's script cuts them."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')

    def typed(self) -> str:
        """The word before the cursor."""
        return os.environ.get("COMP_CWORD", "")


SHELLS: dict[str, type[ShellComplete]] = {"bash": BashWithColons, "zsh": HarmlessZsh, "fish": HarmlessFish}


@click.command("completion", cls=TeachingCommand)
@click.argument("shell", metavar="SHELL", type=click.Choice(list(SHELLS)))
def command(shell: str) -> int:
    """Print the script that lets a shell complete by Tab. It completes commands, options, files and Hiera keys.

    \b
    bash: in ~/.bashrc, eval "$(eyamlgpg completion bash)"
    zsh:  in ~/.zshrc, behind compinit, eval "$(eyamlgpg completion zsh)"
    fish: eyamlgpg completion fish > ~/.config/fish/completions/eyamlgpg.fish

    $ eyamlgpg completion zsh > ~/.zfunc/_eyamlgpg
    """  # noqa: D301 - the backspace tells click to keep the lines
    answer(SHELLS[shell](command, {}, PROGRAM, VARIABLE).source())
    return 0


def answer_shell(cli: click.Command, instruction: str) -> int:
    """Print what a shell asked for; whatever goes wrong, nothing is written between the words of a command line."""
    for shell in SHELLS.values():
        add_completion_class(shell)
    try:
        with redirect_stderr(StringIO()):
            return shell_complete(cli, {}, PROGRAM, VARIABLE, instruction)
    except Exception:  # noqa: BLE001 - there is nobody to read it: the user is in the middle of a line
        return 1
