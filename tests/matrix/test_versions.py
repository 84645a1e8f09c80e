"""The versions of Python that a package index shows are those that the jobs test and that a page tells counts of."""

import configparser
import re
import tomllib
from pathlib import Path

from release import pythons

ROOT = Path(__file__).resolve().parents[2]
VERSIONS = [f"3.{minor}" for minor in range(pythons.OLDEST, pythons.NEWEST + 1)]


def test_each_version_of_python_has_its_classifier_and_its_job() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    classified = [
        found[1] for one in project["classifiers"] if (found := re.fullmatch(r".* :: Python :: (3\.\d+)", one))
    ]
    jobs = configparser.RawConfigParser()
    jobs.read(ROOT / "tox.ini")
    assert classified == VERSIONS
    assert f"testenv:matrix-3.{{{','.join(version.removeprefix('3.') for version in VERSIONS)}}}" in jobs
    assert project["requires-python"] == f">={VERSIONS[0]}"
