"""Every dependency has a written reason, and every job of CI installs versions that are pinned with their hashes."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]
RUN_TIME: list[str] = PROJECT["project"]["dependencies"]
PINS = sorted((ROOT / "release" / "pins").glob("*.txt"))
WANTED = {
    "lint": GROUPS["lint"],
    "site": GROUPS["site"],
    "tox": GROUPS["tox"],
    "dist": GROUPS["dist"],
    "tests": RUN_TIME + EXTRAS["test"],
    "types": RUN_TIME + EXTRAS["test"] + GROUPS["types"],
}
"""What each file of pins has to admit."""
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^ ;\\]+)")


def pinned(page: Path) -> dict[str, list[str]]:
    """The versions of each package: more than one where Pythons differ."""
    found: dict[str, list[str]] = {}
    for line in page.read_text().splitlines():
        if match := PIN.match(line):
            found.setdefault(canonicalize_name(match[1]), []).append(match[2])
    return found


def test_every_dependency_has_its_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    told = re.findall(r"^\| ([\w.-]+) \|", page, re.MULTILINE)
    assert sorted(set(told) - {"package", "---"}) == sorted(Requirement(one).name for one in RUN_TIME)


def test_every_job_has_its_file() -> None:
    assert {page.stem for page in PINS} >= set(WANTED)


@pytest.mark.parametrize("page", PINS, ids=lambda page: page.stem)
def test_every_pin_has_its_hashes(page: Path) -> None:
    entries = re.split(r"\n(?=[^\s#])", page.read_text())
    for entry in (one for one in entries if PIN.match(one)):
        assert "--hash=sha256:" in entry, entry.splitlines()[0]


@pytest.mark.parametrize("name", WANTED)
def test_the_pins_are_what_pyproject_admits(name: str) -> None:
    versions = pinned(ROOT / "release" / "pins" / f"{name}.txt")
    for requirement in map(Requirement, WANTED[name]):
        have = versions.get(canonicalize_name(requirement.name), [])
        assert have, f"{requirement} is not in release/pins/{name}.txt: run `tox run -e pins`"
        assert all(requirement.specifier.contains(one, prereleases=True) for one in have)


def test_ci_installs_nothing_without_a_hash() -> None:
    script = ROOT / ".ci" / "run"
    if not script.exists():
        pytest.skip("the checkout has no .ci folder: this is an sdist")
    installs = [line for line in script.read_text().splitlines() if "pip install" in line]
    assert installs
    assert all("--require-hashes" in line for line in installs)
