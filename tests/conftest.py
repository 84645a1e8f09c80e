"""Fixtures for every room: throwaway GnuPG homes, and an environment without the developer's own."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from eyamlgpg.host.signals import ENDING
from tests.support import keyrings
from tests.support.tool import Tool

OWN = ("GNUPGHOME", "HIERA_EYAML_GPG_GNUPGHOME", "GPG_TTY", "GPG_AGENT_INFO", "EYAML_CONFIG", "EDITOR", "VISUAL")
"""What a developer's environment may hold and a test must not see."""


@pytest.fixture(scope="session", autouse=True)
def interruptible() -> None:
    """Signals reach what the tests start, also as a shell's background job, or under nohup."""
    for number in ENDING:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


@pytest.fixture(scope="session")
def nobodys_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A HOME without any file."""
    return tmp_path_factory.mktemp("nobody")


@pytest.fixture(autouse=True)
def strange_environment(monkeypatch: pytest.MonkeyPatch, nobodys_folder: Path) -> None:
    """No test reads or writes the developer's own keyring or configuration."""
    for name in OWN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(nobodys_folder))


@pytest.fixture
def environ(strange_environment: None) -> dict[str, str]:
    """The environment as a gateway gets it."""
    return dict(os.environ)


@pytest.fixture(scope="session")
def home() -> Iterator[Callable[[str], Path]]:
    """`home("alice")`: a GnuPG home of fixtures/keyrings.json, shared by this worker's tests; do not change it."""
    homes = keyrings.Homes()
    yield homes
    homes.close()


@pytest.fixture
def home_copy(home: Callable[[str], Path]) -> Iterator[Callable[[str], Path]]:
    """`home_copy("alice")`: the same for this test alone, to change at will."""
    copies = keyrings.Homes()

    def make(name: str) -> Path:
        return keyrings.copy(home(name), copies.folder / f"{name}{len(list(copies.folder.iterdir()))}")

    yield make
    copies.close()


@pytest.fixture
def fresh_home(home_copy: Callable[[str], Path]) -> Path:
    """An empty GnuPG home for this test alone; fill it with `tests.support.keyrings.make_key`."""
    return home_copy("empty")


@pytest.fixture
def tool() -> Tool:
    """`tool("get", file, key, home=home("alice"))`: our command line, in this process."""
    return Tool()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are processors: many tests wait for an editor, a prompt or an agent."""
    return (os.cpu_count() or 1) + 1
