"""What git must not run while we look into a repository: each setting that names a program, with the reason.

Whoever can push a branch, or hand over a copied repository, can write such settings; and of a folder that somebody is
asked to check nothing has been read yet. They are closed here for every git that we start (`surroundings`).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of git, as we set it, whatever a repository or its user has set."""

    name: str
    value: str
    reason: str

    @property
    def words(self) -> tuple[str, str]:
        """The option of git that sets it; above every file, and among what safe.* is read from."""
        return "-c", f"{self.name}={self.value}"


HOOKS = Setting("core.hooksPath", os.devnull, "`git diff` may write the index anew, and post-index-change runs then")

SETTINGS = (
    Setting(
        "safe.bareRepository",
        "explicit",
        "a folder with HEAD, config, objects and refs is a bare repository to git, and can be committed: git would "
        "take every setting from its config. Git before 2.38 does not know this, see `worktree.find`",
    ),
    Setting("core.fsmonitor", "false", "a program that is run whenever the index is read"),
    HOOKS,
    Setting("core.pager", "cat", "a program that output is shown by"),
    Setting("core.editor", "false", "a program that messages are written with"),
    Setting("core.askPass", "", "a program that asks for passwords"),
    Setting("credential.helper", "", "programs that know passwords; empty means none of those named so far"),
    Setting("core.sshCommand", "false", "a program that connects to a remote repository, to fetch a missing object"),
    Setting("core.alternateRefsCommand", "false", "a program that lists the references of borrowed objects"),
    Setting("protocol.allow", "never", "ext:: runs any program, file: runs remote.NAME.uploadpack; looking needs none"),
    Setting("gpg.program", "false", "a program that verifies signatures"),
    Setting("gpg.openpgp.program", "false", "the same, by its newer name"),
    Setting("gpg.x509.program", "false", "the same for X.509"),
    Setting("gpg.ssh.program", "false", "the same for SSH"),
    Setting("submodule.recurse", "false", "a submodule is a repository with settings of its own"),
    Setting("diff.ignoreSubmodules", "all", "`git diff` runs `git status` in submodules otherwise"),
)
"""Nothing here is needed to look: lists of files, blobs, differences by name."""

DIFF = ("--no-ext-diff", "--no-textconv", "--ignore-submodules=all")
"""For `git diff`: no diff.external or diff.NAME.command, no diff.NAME.textconv, and no git in a submodule."""

VARIABLES: Mapping[str, str] = {
    "GIT_ALLOW_PROTOCOL": "none",  # no protocol; a repository's own protocol.NAME.allow does not count then
    "GIT_NO_LAZY_FETCH": "1",  # in a partial clone nothing is fetched
    "GIT_TERMINAL_PROMPT": "0",
}
"""What closes the rest, for which there is no setting or one that a repository could overrule."""

REMOVED = frozenset({"GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_SSH", "GIT_SSH_COMMAND"})
"""Programs that the environment names, and that nothing here is meant to run."""

FILTERS = ("config", "-z", "--name-only", "--get-regexp", r"^filter\.")
"""Filters are chosen by .gitattributes and cannot be closed by one setting: this asks for their names.

`git diff` runs the clean filter of a file in the working tree; no other command that we run does.
"""


def program_options(*, own_hooks: bool = False) -> tuple[str, ...]:
    """The words between `git` and its command; `own_hooks` leaves core.hooksPath as the user has it, to read it."""
    closed = (setting for setting in SETTINGS if not (own_hooks and setting is HOOKS))
    return ("--no-pager", *(word for setting in closed for word in setting.words))


def environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without programs for git."""
    return {**{name: value for name, value in environ.items() if name not in REMOVED}, **VARIABLES}


def without_filters(names: bytes) -> tuple[str, ...]:
    """The words that close every filter that FILTERS has answered with; ValueError for one that git cannot be told."""
    told = {os.fsdecode(name).removeprefix("filter.").rpartition(".")[0] for name in names.split(b"\0") if name}
    if any("=" in name for name in told):
        raise ValueError
    ends = ("clean=", "smudge=", "process=", "required=false")
    return tuple(word for name in sorted(told) if name for end in ends for word in ("-c", f"filter.{name}.{end}"))
