"""The working tree around a folder, and which of its files git knows or would take."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from eyamlgpg.errors import FileProblem
from eyamlgpg.model.tree import Listing
from eyamlgpg.repo import surroundings

CLOSED_FOLDER = re.compile(rb"^warning: could not open directory '(.*)': (.*)$", re.MULTILINE)
"""git's words for a folder that it passes over, its path from the top of the tree; its status is 0 nevertheless."""

NO_REPOSITORY = b"not a git repository"
BARE = b"cannot use bare repository"
"""What git says where safe.bareRepository forbids it."""

_IS_IGNORED = ("check-ignore", "--quiet", "--no-index", "--", ".")


@dataclass(frozen=True, slots=True)
class GitWorktree:
    """A working tree of git."""

    root: Path
    """Its top, links resolved."""
    environ: Mapping[str, str] = field(repr=False)

    def listing(self, folder: Path) -> Listing:
        """Tracked files and untracked ones that are not ignored, at and below a folder of this tree, sorted.

        Links are given as such, whatever they lead to. Submodules, and repositories inside of this one, are passed
        over; what was removed and not yet staged is left out. Of an ignored folder, which somebody must have named on
        purpose, every file is given. A folder that may not be looked into is named, and the others go on. Raises
        FileProblem where git fails.
        """
        real = folder.resolve()
        ignored = surroundings.run(real, self.environ, *_IS_IGNORED).returncode == 0
        exclude = [] if ignored else ["--exclude-standard"]
        words = ("ls-files", "-z", "--cached", "--others", *exclude, "--", ".")
        ran = surroundings.run(real, self.environ, *words)
        if ran.returncode != 0:
            raise _failed(real, ran.stderr)
        files: list[Path] = []
        repositories: list[Path] = []
        unreadable = {
            self.root / os.fsdecode(path): os.fsdecode(why) for path, why in CLOSED_FOLDER.findall(ran.stderr)
        }
        for path in sorted({real / os.fsdecode(name) for name in ran.stdout.split(b"\0") if name}):
            try:
                mode = path.lstat().st_mode
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                unreadable.setdefault(path.parent, error.strerror or "?")
                continue
            if stat.S_ISDIR(mode):
                # In the index it is a submodule, which may not be checked out; among the others a repository.
                repositories += [path] if os.path.lexists(path / ".git") else []
            elif stat.S_ISREG(mode) or stat.S_ISLNK(mode):
                files.append(path)
        return Listing(tuple(files), tuple(repositories), tuple(unreadable.items()))


def find(folder: Path, environ: Mapping[str, str]) -> GitWorktree | None:
    """The working tree that a folder stands in; None outside of any, in a bare repository, and where there is no git.

    Raises FileProblem where git refuses to look, as it does in a repository that belongs to somebody else; and for a
    folder that is itself a bare repository, or stands in one, since its settings may come from whoever committed it.
    """
    try:
        seen = surroundings.seen_from(folder, environ)
        ran = surroundings.run(folder, seen, "rev-parse", "--absolute-git-dir", "--show-toplevel")
    except surroundings.NoGit:
        return None
    if ran.returncode == 0:
        git_dir, _, top = os.fsdecode(ran.stdout).rstrip("\n").partition("\n")
        root = Path(top).resolve()
        if "GIT_DIR" not in seen and not _is_gits_own(Path(git_dir), root):
            raise _bare(folder)
        return GitWorktree(root, seen)
    if BARE in ran.stderr:
        if ".git" in folder.resolve().parts:
            return None  # in git's own folder; nobody can commit one of that name
        raise _bare(folder)
    if NO_REPOSITORY in ran.stderr or b"must be run in a work tree" in ran.stderr:
        return None
    raise _failed(folder, ran.stderr)


def _is_gits_own(git_dir: Path, root: Path) -> bool:
    """Whether a repository was found by a `.git`, be it a folder, a link or the file of a worktree or a submodule.

    Git before 2.38 does not know safe.bareRepository, and finds a bare one whose config says where its tree is.
    """
    if git_dir.name == ".git":
        return True
    place = root / ".git"
    try:
        text = place.read_text(errors="surrogateescape") if place.is_file() else ""
    except OSError:
        return False
    named = place if place.is_symlink() else root / text.removeprefix("gitdir:").strip()
    return bool(text or place.is_symlink()) and named.resolve() == git_dir.resolve()


def _bare(folder: Path) -> FileProblem:
    return FileProblem(
        f"{folder}: stands in a bare git repository, whose settings could run any program, and is not looked into",
        "see who added its HEAD, config, objects and refs, and remove them",
    )


def _failed(folder: Path, stderr: bytes) -> FileProblem:
    first, *more = [line.strip() for line in stderr.decode("utf-8", "replace").splitlines() if line.strip()] or ["?"]
    return FileProblem(f"{folder}: git cannot tell its files: {first.removeprefix('fatal: ')}", *more)
