"""A release is installed on one Python of each minor version that it admits, and on the system's own."""

from pathlib import Path

import pytest

from release import pythons


def make(folder: Path, name: str, version: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\n[ {version} != broken ] && echo {version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of two folders, a system's own folder, and a home without pyenv."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'one'}:{tmp_path / 'two'}")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(pythons, "SYSTEM", tmp_path / "system")
    return tmp_path


def test_the_first_of_each_version_counts_and_the_systems_own(machine: Path) -> None:
    make(machine / "one", "python3.12", "3.12.1")
    make(machine / "two", "python3.12", "3.12.9")
    make(machine / "one", "python3.11", "3.11.7")
    make(machine / "system", "python3.11", "3.11.2")
    assert [one.version for one in pythons.found()] == ["3.11.2", "3.11.7", "3.12.1"]


def test_what_does_not_answer_and_what_is_too_old_are_left_out(machine: Path) -> None:
    make(machine / "one", "python3.13", "broken")
    make(machine / "one", "python3.12", "3.10.1")
    make(machine / "home" / ".pyenv" / "versions" / "3.14.0" / "bin", "python3.14", "3.14.0")
    assert [one.short for one in pythons.found()] == ["3.14"]


def test_those_named_are_taken_alone(machine: Path) -> None:
    make(machine / "one", "python3.12", "3.12.1")
    named = make(machine / "elsewhere", "python", "3.13.0")
    assert [one.path for one in pythons.found([named])] == [named]
