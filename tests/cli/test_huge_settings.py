"""Files of settings that are a hundred megabytes, or unfold to that, are refused: no command takes the memory."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.controlled import control_repository
from tests.support.keyrings import known
from tests.support.repository import ROOT, Repository

HUGE = 100 * 1024 * 1024
MEMORY = 512 * 1024 * 1024
"""Bytes of address space that a run may take: Python and its libraries take some 200 MiB of them."""

CHECK, SET, AUDIT = ("check",), ("set", "hieradata/common.eyaml", "a::b", "-s", "x"), ("audit",)
BOB = known("bob").fingerprint
FILES: dict[str, tuple[bytes, tuple[tuple[str, ...], ...]]] = {
    ".eyamlgpg/policy.yaml": (b"version: 1\n# ", (CHECK, SET, ("doctor",), ("recipients", "sync", "--dry-run"))),
    ".eyamlgpg/people.yaml": (b"version: 1\n# ", (CHECK, AUDIT, ("offboard", "bob@example.com", "--dry-run"))),
    f".eyamlgpg/keys/{BOB}.asc": (b"-----BEGIN PGP PUBLIC KEY", (("check", "--keyring", "repo"),)),
    ".eyamlgpg/baseline.yaml": (b"version: 1\n# ", (CHECK, ("check", "--update-baseline"))),
    "hieradata/hiera-eyaml-gpg.recipients": (f"{BOB}\n# ".encode(), (CHECK, SET, AUDIT, ("who",))),
    ".eyaml/config.yaml": (b"# ", (CHECK, SET)),
}
"""How each begins, so that it is taken for such a file, and what reads it."""
BOMBS = {
    "aliases": "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60)),
    "merges": "a0: &a0 {x: y}\n"
    + "".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 60)),
    "nesting": "a: " + "[" * 50_000,
    "blocks": "".join(f"{' ' * depth}a:\n" for depth in range(1_400)),
    "one scalar": "a: " + "x" * 1_000_000,
    "anchors": "".join(f"k{n}: &a{n} *a{n - 1}\n" for n in range(1, 20_000)),
}


@pytest.fixture
def repository(tmp_path: Path, home: Callable[[str], Path]) -> Repository:
    return control_repository(tmp_path / "control", home("alice"))


def run(repository: Repository, *words: str) -> "subprocess.CompletedProcess[str]":
    """A command that has no more memory than a small machine."""

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    argv = [sys.executable, "-m", "eyamlgpg", *words]
    environ = {**repository.environ, "PYTHONPATH": str(ROOT), "HOME": str(repository.root.parent)}
    return subprocess.run(
        argv,
        cwd=repository.root,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        preexec_fn=bounded,
    )


@pytest.mark.parametrize("name", FILES)
def test_a_hundred_megabytes_are_refused_by_name(repository: Repository, name: str) -> None:
    path = repository.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    begin, commands = FILES[name]
    path.write_bytes(begin)
    os.truncate(path, HUGE)
    for words in commands:
        ran = run(repository, *words)
        assert ran.returncode in (0, 1, 3), ran.stderr
        assert "Traceback" not in ran.stderr
        assert path.name in ran.stdout + ran.stderr, (words, ran)
        assert "larger than" in ran.stdout + ran.stderr, (words, ran)


@pytest.mark.parametrize("names", [(".eyamlgpg/policy.yaml", ".eyamlgpg/people.yaml"), ("a.yaml", "hiera.yaml")])
@pytest.mark.parametrize("bomb", BOMBS)
def test_what_unfolds_without_end_is_an_error_or_nothing_special(
    repository: Repository, names: tuple[str, ...], bomb: str
) -> None:
    for name in names:
        (repository.root / name).parent.mkdir(exist_ok=True)
        (repository.root / name).write_text(BOMBS[bomb])
    ran = run(repository, "check", ".", *names)
    assert ran.returncode in (0, 1, 3), ran.stderr
    assert "Traceback" not in ran.stderr
    assert len(ran.stdout) + len(ran.stderr) < 50_000


@pytest.mark.parametrize("name", ["hieradata/hiera-eyaml-gpg.recipients", f".eyamlgpg/keys/{BOB}.asc"])
def test_a_tree_whose_approvers_sign_has_the_same_bounds(repository: Repository, name: str) -> None:
    policy, path = repository.root / ".eyamlgpg/policy.yaml", repository.root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    policy.parent.mkdir(exist_ok=True)
    policy.write_text(f"version: 1\nrecipients: {{signed_by: [{BOB}]}}\n")
    path.write_bytes(FILES[name][0])
    os.truncate(path, HUGE)
    ran = run(repository, "check", "--keyring", "repo")
    assert ran.returncode in (1, 3), ran.stderr
    assert f"{path.name}: is larger than 1" in ran.stdout + ran.stderr, ran
