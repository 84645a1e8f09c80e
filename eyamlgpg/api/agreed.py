"""The commit that a run goes by where it asks what was agreed on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.default_branch import AgreedCommit, agreed_commit
from eyamlgpg.repo.git import find_repository


@contextmanager
def agreed(root: Path, named: str | None, environ: Mapping[str, str]) -> Iterator[AgreedCommit | None]:
    """The commit that was named, or the last one of the default branch; None without git, or without such a branch."""
    git = find_repository(root, environ)
    if git is None:
        if named is not None:
            raise FileProblem(f"{named}: there is no git repository here that could have it")
        yield None
        return
    found = agreed_commit(git, named)
    try:
        yield found
    finally:
        if found is not None:
            found.close()
