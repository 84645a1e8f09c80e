"""Programs that a repository names for git to run, which tell when they were run."""

from pathlib import Path

from tests.support.repository import Repository

PROGRAMS = (
    "alias.ls-files",
    "alias.rev-parse",
    "core.alternateRefsCommand",
    "core.askPass",
    "core.editor",
    "core.fsmonitor",
    "core.gitProxy",
    "core.pager",
    "core.sshCommand",
    "credential.helper",
    "diff.canary.command",
    "diff.canary.textconv",
    "diff.external",
    "filter.canary.clean",
    "filter.canary.process",
    "filter.canary.smudge",
    "filter.Can.ary.clean",
    "gpg.program",
    "gpg.ssh.program",
    "interactive.diffFilter",
    "merge.canary.driver",
    "pager.diff",
    "pager.ls-files",
    "remote.origin.uploadpack",
    "sequence.editor",
    "uploadpack.packObjectsHook",
)
"""Settings whose value is a program; `core.hooksPath` names a folder of them."""

HOOKS = ("post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman", "post-checkout")


class Canaries:
    """Programs that leave their name in a folder when they run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sung = folder / "sung"
        self.sung.mkdir(parents=True)

    def program(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\ntouch '{self.sung}/{path.name}'\nexit 1\n")
        path.chmod(0o755)
        return path

    def value(self, name: str) -> str:
        """What a setting is to be; with `core.hooksPath`, a folder where every hook is one."""
        if name == "core.hooksPath":
            return str({self.program(f"hooks/{hook}").parent for hook in HOOKS}.pop())
        return ("!" if name.startswith(("alias.", "credential.")) else "") + str(self.program(name))

    def heard(self) -> list[str]:
        return sorted(path.name for path in self.sung.iterdir())


def plant_own(repository: Repository, canaries: Canaries, *names: str) -> None:
    """In the repository's own settings."""
    for name in names:
        repository.git("config", name, canaries.value(name))
