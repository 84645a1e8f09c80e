"""A file that an editor or a merge left beside the one that was meant."""

import re
from pathlib import PurePosixPath

from eyamlgpg.model.findings import Finding, Severity
from eyamlgpg.rules.rule import Place, Rule

RULE = Rule(
    id="plaintext-editor-leftover",
    severity=Severity.ERROR,
    title="a copy that an editor left behind",
    why="Backup, swap and undo files of editors hold what was on the screen: of a decrypted buffer, every secret in "
    "clear text. The rule goes by the name: `.common.eyaml.swp`, `common.eyaml~`, `#common.eyaml#`, "
    "`common.eyaml.bak`, `eyaml_edit12345.yaml`.",
    example="hieradata/.common.eyaml.swp\n",
    mend="Take it out of the commit and remove it, then let Git ignore its kind:\n\n"
    "```console\n$ git rm --cached hieradata/.common.eyaml.swp && rm hieradata/.common.eyaml.swp\n"
    "$ echo '*.sw?' >> .gitignore\n```\n\n"
    "`eyamlgpg edit` starts vim, nvim, nano and emacs with these copies turned off.",
)

_LEFTOVER = re.compile(
    r"\.?.+\.(?:eyaml|ya?ml)(?:~|\.~\d+~|\.sw[a-p]|\.un~|\.bak|\.orig|\.save(?:\.\d+)?|\.rej|\.tmp)"
    r"|\.?#.+\.(?:eyaml|ya?ml)#?"
    r"|eyaml_edit.*\.ya?ml"
)


def is_leftover(path: str) -> bool:
    """Whether a file's name is that of an editor's copy of a YAML file."""
    return _LEFTOVER.fullmatch(PurePosixPath(path).name) is not None


def finding(path: str) -> Finding:
    """The finding for such a file; its content is not read."""
    return RULE.finding(
        Place(path),
        "this is a copy that an editor left behind; it may hold decrypted values",
        "remove it, and if it ever was pushed, change the secrets that it holds",
    )
