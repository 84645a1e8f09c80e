"""What is built is what is meant: one version, the console script, typed, nothing but the package in the wheel."""

import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import eyamlgpg

ROOT = Path(__file__).resolve().parent.parent


def project() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


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
    assert not imported & {"git", "rich", "ruamel.yaml", "pysequoia", "gnupg", "jinja2", "detect_secrets"}


def test_the_package_is_typed() -> None:
    assert (ROOT / "eyamlgpg" / "py.typed").exists()


def test_the_installed_version_is_the_tested_one() -> None:
    try:
        installed = metadata.version("eyamlgpg")
    except metadata.PackageNotFoundError:
        return  # run from a checkout, without an installation
    assert installed == eyamlgpg.__version__
