"""What is built is what is meant: one version, the console script, typed, nothing but the package in the wheel."""

import os
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

import eyamlgpg

ROOT = Path(__file__).resolve().parent.parent


def project() -> dict[str, Any]:
    return dict(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"])


def test_the_version_stands_in_one_file() -> None:
    assert "version" in project()["dynamic"]
    assert 'path = "eyamlgpg/__init__.py"' in (ROOT / "pyproject.toml").read_text()


def test_every_dependency_has_a_lower_bound() -> None:
    extras = project()["optional-dependencies"]
    for requirement in [*project()["dependencies"], *(one for extra in extras.values() for one in extra)]:
        assert ">=" in requirement, requirement


def test_the_module_and_the_console_script_are_the_same() -> None:
    """`python -m eyamlgpg --version` says what the package says, and imports nothing heavy for it."""
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "eyamlgpg", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert ran.stdout == f"eyamlgpg {eyamlgpg.__version__}\n"
    imported = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert not imported & {"git", "rich", "ruamel.yaml", "cryptography", "gnupg", "jinja2", "detect_secrets"}


def test_the_package_is_typed() -> None:
    assert (ROOT / "eyamlgpg" / "py.typed").exists()


def test_the_installed_version_is_the_tested_one() -> None:
    try:
        installed = metadata.version("eyamlgpg")
    except metadata.PackageNotFoundError:
        return  # run from a checkout, without an installation
    assert installed == eyamlgpg.__version__


def test_an_environment_in_the_checkout_is_no_part_of_the_project() -> None:
    """README makes `.venv`, which has folders called `tests` and `docs` in it."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    sdist = tools["hatch"]["build"]["targets"]["sdist"]
    assert all(pattern.startswith("/") for pattern in sdist["include"])
    assert ("/.venv" in sdist["exclude"], ".venv" in tools["ruff"]["extend-exclude"]) == (True, True)
    assert ".venv/" in (ROOT / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_no_page_installs_into_the_systems_python(page: str) -> None:
    """Debian, Ubuntu and Homebrew refuse it (PEP 668)."""
    lines = (ROOT / page).read_text().splitlines()
    assert not [line for line in lines if line.startswith(("$ pip ", "$ python3 -m pip"))]
    assert any(line.startswith("$ python3 -m venv .venv && .venv/bin/pip install tox && ") for line in lines)


def test_the_oldest_python_from_3_11_on_is_found(tmp_path: Path) -> None:
    for name, version in {"python3": "3.13.0", "python3.9": "3.9.1", "python3.11": "3.11.0", "python3.12": "x"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n[ {version} != x ] && echo {version}\n")
        (tmp_path / name).chmod(0o755)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    script = ROOT / ".ci" / "oldest-python"
    if not script.exists():
        pytest.skip("the checkout has no .ci folder: this is an sdist")
    found = subprocess.run([script], env=environ, capture_output=True, text=True, check=True).stdout
    assert found == f"{tmp_path / 'python3.11'}\n"
