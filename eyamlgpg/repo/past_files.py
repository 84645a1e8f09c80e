"""Every version of the files of some folders, over all commits that a ref or HEAD reaches."""

from collections.abc import Iterator

from eyamlgpg.errors import FileProblem
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.changes import REGULAR
from eyamlgpg.repo.git import Git
from eyamlgpg.repo.history import OFFLINE

_RAW = ("--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-relative", "-O/dev/null")
_LOG = ("log", "--all", "--root", "--diff-merges=separate", "--no-show-signature", "--no-color", "--format=")


def past_contents(git: Git, folder: str) -> Iterator[bytes]:
    """Each content once that a file in a folder of this name ever had; of those that this clone lacks, nothing.

    `folder` is a path from the root, `.eyamlgpg/keys`; a folder of that name deeper in the tree counts as well.
    """
    quiet = Git(git.root, {**git.environ, **OFFLINE})
    if not quiet.run("rev-list", "--all", "--max-count=1"):
        return
    told = quiet.run(*_LOG, *_RAW, "--", f":(top,glob)**/{folder}/**")
    words = (word.lstrip(b"\n:").split(b" ") for word in told.split(b"\0") if word.lstrip(b"\n").startswith(b":"))
    objects = dict.fromkeys(word[3].decode("ascii") for word in words if word[1].decode("ascii") in REGULAR)
    blobs = Blobs(quiet)
    try:
        for object_id in objects:
            try:
                yield blobs.read(object_id)
            except FileProblem:
                continue  # a partial or damaged clone; the key stays unknown, and is told as that
    finally:
        blobs.close()
