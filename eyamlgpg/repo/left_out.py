"""What a sparse checkout leaves out of the working tree, and git's index still has."""

import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from eyamlgpg.repo.git import Git, find_repository

_LEFT_OUT = "S "
"""The tag of `git ls-files -t` for skip-worktree (git-ls-files(1))."""


def left_out(root: Path, environ: Mapping[str, str], *patterns: str) -> Mapping[str, bytes | None]:
    """The files of a working tree that only the index has, by their paths; None in place of a content that git lacks.

    `patterns` are pathspecs. FileProblem where git fails.
    """
    git = find_repository(root, environ)
    if git is None or git.root != root:
        return {}
    return dict(_contents(git, patterns))


def _contents(git: Git, patterns: Collection[str]) -> Iterator[tuple[str, bytes | None]]:
    for entry in git.run("ls-files", "-t", "-s", "-z", "--", *patterns).split(b"\0"):
        told = os.fsdecode(entry)
        if told.startswith(_LEFT_OUT):
            stage, _, path = told.removeprefix(_LEFT_OUT).partition("\t")
            yield path, _content(git, stage.split(" ")[1])


def _content(git: Git, object_id: str) -> bytes | None:
    # A partial clone may lack it, and nothing is fetched.
    return git.run("cat-file", "blob", object_id) if git.asked("cat-file", "-e", object_id) is not None else None
