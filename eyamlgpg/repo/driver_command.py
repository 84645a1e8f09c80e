"""The command lines that git keeps for us in its settings, and how they are known again.

Git gives them to a shell, from whatever folder it is in. The interpreter that has eyamlgpg comes first, and then
whatever eyamlgpg is on PATH. Where neither is there any more, or it fails, a difference fails, and a merge is git's own
with a conflict at any rate: git would take a driver's failure for a conflict whose only side is ours.
"""

import re
import shlex

_RUN = "f() {{ if {python} -P -c 'import {modules}' 2>/dev/null; then {python} -P -m eyamlgpg git {command}; "
_READ = "f() {{ if test -x {python}; then exec {python} -P -m eyamlgpg git {command}; fi; "
_GONE = "echo 'eyamlgpg: it is no longer where it was when git was told of it; install it, or run: {way_out}' >&2; "
_SHOW = "if command -v eyamlgpg >/dev/null 2>&1; then exec eyamlgpg git {command}; fi; " + _GONE + "exit 255; }}; f"
_MERGE = (
    "elif command -v eyamlgpg >/dev/null 2>&1; then eyamlgpg git {command}; "
    "else " + _GONE + "(exit 127); fi; s=$?; "
    # Merged, in conflict, or stopped by the user. All else is a failure, an older eyamlgpg or one that is in pieces.
    "case $s in 0|1|130) exit $s;; esac; "
    'git merge-file --marker-size="$4" "$2" "$1" "$3"; exit 1; }}; f {words}'
)
_MODULES = "eyamlgpg.cli.main, eyamlgpg.cli.commands.git_merge"
"""What is imported first: the status of a Python that cannot is that of a conflict."""

_OURS = re.compile(r"f\(\) \{ if .* -m eyamlgpg git (textconv|merge-values|merge-recipients) .*", re.DOTALL)

_NO_DIFF = "git diff --no-textconv"
_NO_DRIVER = "git config --remove-section {section}"


def showing(python: str) -> str:
    """For `diff.NAME.textconv`: git adds the file behind it."""
    return (_READ + _SHOW).format(python=shlex.quote(python), command='textconv -- "$@"', way_out=_NO_DIFF)


def merging(python: str, command: str, section: str) -> str:
    """For `merge.NAME.driver`, in which git replaces what begins with `%`."""
    quoted = shlex.quote(python).replace("%", "%%")
    return (_RUN + _MERGE).format(
        python=quoted,
        modules=_MODULES,
        command=f'{command} "$@"',
        way_out=_NO_DRIVER.format(section=section),
        words="%O %A %B %L %P",
    )


def is_ours(value: str) -> bool:
    """Whether some eyamlgpg wrote this setting."""
    return _OURS.fullmatch(value) is not None
