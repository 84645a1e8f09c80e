"""The peers, where they are installed; else the tests are skipped and say what is missing."""

import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tests.interop import peers
from tests.interop.peers import Eyaml, Puppet


@cache
def missing() -> str | None:
    """Why the real eyaml cannot be run with its gpg plugin; None where it can."""
    if shutil.which("eyaml") is None:
        return "eyaml (hiera-eyaml) is not installed"
    told = subprocess.run(["eyaml", "encrypt", "--help"], capture_output=True, check=False, env=peers.environment())
    return None if b"--gpg-gnupghome" in told.stdout else "eyaml has no gpg plugin (hiera-eyaml-gpg)"


@pytest.fixture
def eyaml(home: Callable[[str], Path]) -> Eyaml:
    """The real eyaml with alice's keys."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    return Eyaml(home("alice"))


@pytest.fixture
def puppet(eyaml: Eyaml, tmp_path: Path) -> Puppet:
    """A Puppet that reads with alice's keys."""
    if shutil.which("puppet") is None:
        pytest.skip("puppet is not installed")
    return Puppet(tmp_path / "puppet", eyaml.home).set_up()
