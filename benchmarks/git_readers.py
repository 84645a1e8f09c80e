"""What our reading of git costs, beside GitPython's, over one repository of so many files.

    python -m benchmarks.git_readers [--files 2000]

Prints processor and wall milliseconds, the best of five; GitPython works within this process, ours starts git.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from eyamlgpg.repo import git as ours
from eyamlgpg.repo.blobs import Blobs
from eyamlgpg.repo.last_commit import LastCommit

NOBODY = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "Bench",
    "GIT_AUTHOR_EMAIL": "bench@example.com",
    "GIT_COMMITTER_NAME": "Bench",
    "GIT_COMMITTER_EMAIL": "bench@example.com",
}
TRIES = 5


def main() -> int:
    """Make the repository, and print the table."""
    parser = argparse.ArgumentParser(description="Time our reading of git, and GitPython's.")
    parser.add_argument("--files", type=int, default=2000, help="number of files in the repository")
    files = parser.parse_args().files
    environ = {**os.environ, **NOBODY}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        ids = _repository(root, environ, files)
        _show("import git, in a new process", lambda: _import("import git"), lambda: _import("pass"))
        import git

        git.refresh()
        repo = git.Repo(root)
        _show(
            "find the repository",
            lambda: git.Repo(root / "d1", search_parent_directories=True).close(),
            lambda: ours.find_repository(root / "d1", environ),
        )
        known = ours.Git(root, environ)
        _show(
            "one setting",
            lambda: git.Repo(root).config_reader().get_value("core", "hooksPath", ""),
            lambda: known.asked("config", "--get", "core.hooksPath"),
        )
        _show("whether there is a commit", repo.head.is_valid, lambda: LastCommit(known, Blobs(known)).exists)
        _show(f"list {files} files of it", lambda: _traverse(repo), lambda: known.run("ls-tree", "-r", "-z", "HEAD"))
        _show(f"{files} blobs", lambda: [repo.git.get_object_data(one) for one in ids], lambda: _read(known, ids))
        repo.close()
    return 0


def _repository(root: Path, environ: Mapping[str, str], files: int) -> list[str]:
    def run(*words: str) -> bytes:
        return subprocess.run(["git", "-C", str(root), *words], env=environ, check=True, capture_output=True).stdout

    run("init", "-q")
    for number in range(files):
        path = root / f"d{number % 40}" / f"f{number}.eyaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"key{number}: {'x' * 800}\n")
    run("add", "-A")
    run("commit", "-qm", "all")
    return [line.split()[2].decode() for line in run("ls-tree", "-r", "HEAD").splitlines()]


def _import(statement: str) -> None:
    subprocess.run([sys.executable, "-c", statement], check=True)


def _traverse(repo: object) -> None:
    list(repo.head.commit.tree.traverse())  # type: ignore[attr-defined]


def _read(known: ours.Git, ids: list[str]) -> None:
    blobs = Blobs(known)
    for one in ids:
        blobs.read(one)
    blobs.close()


def _show(what: str, theirs: Callable[[], object], ours: Callable[[], object]) -> None:
    print(f"{what:32} GitPython {_milliseconds(theirs)}   ours {_milliseconds(ours)}")


def _milliseconds(work: Callable[[], object]) -> str:
    tries = []
    for _ in range(TRIES):
        processor, wall = time.process_time(), time.perf_counter()
        work()
        tries.append((time.perf_counter() - wall, time.process_time() - processor))
    wall, processor = min(tries)
    return f"{wall * 1000:8.2f} ms ({processor * 1000:7.2f} of the processor)"


if __name__ == "__main__":
    sys.exit(main())
