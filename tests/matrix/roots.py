"""Root folders of a Debian release, which hold another GnuPG and another Python than the machine's own."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

PACKAGES = (
    "ca-certificates",
    "fish",
    "git",
    "gnupg",
    "gpgsm",
    "keyboxd",
    "man-db",
    "openssl",
    "procps",
    "python3",
    "python3-venv",
    "strace",
    "tmux",
    "vim-tiny",
    "zsh",
)
"""GnuPG, Python, and the programs that tests run or else skip; no browser, which is larger than all of these."""

ENTER = ("unshare", "--mount", "--pid", "--fork", "--kill-child")
"""Starts a command with mounts and processes of its own: both end with it."""
AS_USER = ("--map-root-user", "--map-auto")
"""More of that for a user who is not root: user namespaces with all IDs of /etc/subuid (package uidmap)."""


class UnavailableError(Exception):
    """The reason why a root folder cannot be had on this machine, as one line."""


def entering(uid: int) -> list[str]:
    """The command that starts another one as root with mounts of its own; UnavailableError."""
    command = [*ENTER, *(AS_USER if uid else ())]
    if shutil.which(command[0]) is None:
        raise UnavailableError("unshare is not installed: sudo apt install util-linux")
    tried = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        who = "user namespaces do not work here" if uid else "root may not mount here"
        raise UnavailableError(f"{who}: {_last(tried.stderr)}")
    return command


def found(root: Path) -> bool:
    """Whether a folder is a root folder with what the suite needs."""
    return (root / "usr/bin/gpg").exists() and _python(root) is not None


def python_version(root: Path) -> str:
    """Such as 3.13, of the Python in a root folder that was `found`."""
    version = _python(root)
    assert version is not None
    return version


def named(variable: str, root: Path) -> Path:
    """A root folder that the user made; UnavailableError where something is missing in it."""
    if not found(root):
        raise UnavailableError(f"{variable} names {root}, which is not a root folder with gpg and python3")
    return root


def made(suite: str, root: Path, enter: Sequence[str], options: Sequence[str] = ()) -> Path:
    """The root folder of a Debian release, made by mmdebstrap unless it is there; UnavailableError."""
    if found(root):
        return root
    if shutil.which("mmdebstrap") is None:
        raise UnavailableError("mmdebstrap is not installed: sudo apt install mmdebstrap")
    root.parent.mkdir(parents=True, exist_ok=True)
    unfinished = root.with_name(f"{root.name}.unfinished")
    _remove(unfinished, enter)  # of a run that was interrupted
    argv = ["mmdebstrap", "--mode=root", "--variant=minbase", f"--include={','.join(PACKAGES)}", *options]
    ran = subprocess.run([*enter, *argv, suite, unfinished], capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        _remove(unfinished, enter)
        raise UnavailableError(f"mmdebstrap could not make Debian {suite}: {_first_error(ran.stderr)}")
    unfinished.rename(root)
    return root


def _python(root: Path) -> str | None:
    link = root / "usr/bin/python3"
    target = re.fullmatch(r"python(3\.[0-9]+)", link.readlink().name) if link.is_symlink() else None
    return target[1] if target else None


def _remove(folder: Path, enter: Sequence[str]) -> None:
    # By the same command, since the files belong to its users; mounts of mmdebstrap ended with its namespace.
    if os.path.lexists(folder):
        subprocess.run([*enter, "rm", "-rf", "--one-file-system", folder], check=True)


def _first_error(stderr: str) -> str:
    errors = [line.removeprefix("E: ") for line in stderr.splitlines() if line.startswith("E: ")]
    return errors[0] if errors else _last(stderr)


def _last(stderr: str) -> str:
    return (stderr.strip() or "no reason was told").splitlines()[-1]
