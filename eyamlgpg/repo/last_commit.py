"""The last commit of a repository, as the changes since are told against it."""

from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.commit import Commit
from eyamlgpg.repo.git import Git


class LastCommit(Commit):
    """What HEAD holds, by paths from the root; listed when a link is first asked about."""

    def __init__(self, git: Git, blobs: Blobs) -> None:
        super().__init__(git, blobs, "HEAD")
