"""`eyamlgpg completion`, and the answers to the shells that ask."""

import os
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

from eyamlgpg.cli.messages import answer

PROGRAM = "eyamlgpg"
VARIABLE = "_EYAMLGPG_COMPLETE"
"""The variable by which a shell asks for completions, named as click names it."""


class BashWithColons(BashComplete):
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

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and the one that it stands in."""
        # A letter that is no letter of any word tells an unfinished word from the blank behind a finished one.
        *words, last = split_arg_string(os.environ["COMP_LINE"] + "\0")
        return words[1:], last.removesuffix("\0")

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """As click does; the names of the commands without their help, for which each would have to be imported."""
        if args or incomplete.startswith("-") or not isinstance(self.cli, click.Group):
            return super().get_completions(args, incomplete)
        names = self.cli.list_commands(click.Context(self.cli))
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


SHELLS: dict[str, type[ShellComplete]] = {"bash": BashWithColons, "zsh": ZshComplete, "fish": FishComplete}


@click.command("completion")
@click.argument("shell", metavar="SHELL", type=click.Choice(list(SHELLS)))
def command(shell: str) -> int:
    """Print the script that lets a shell complete commands, options, files and Hiera keys.

    \b
    bash: in ~/.bashrc, eval "$(eyamlgpg completion bash)"
    zsh:  in ~/.zshrc, behind compinit, eval "$(eyamlgpg completion zsh)"
    fish: eyamlgpg completion fish > ~/.config/fish/completions/eyamlgpg.fish
    """  # noqa: D301 - the backspace tells click to keep the lines
    answer(SHELLS[shell](command, {}, PROGRAM, VARIABLE).source())
    return 0


def answer_shell(cli: click.Command, instruction: str) -> int:
    """Print what a shell asked for; whatever goes wrong, nothing is written between the words of a command line."""
    add_completion_class(BashWithColons)
    try:
        with redirect_stderr(StringIO()):
            return shell_complete(cli, {}, PROGRAM, VARIABLE, instruction)
    except Exception:  # noqa: BLE001 - there is nobody to read it: the user is in the middle of a line
        return 1
