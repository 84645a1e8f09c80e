"""The bill of materials of an installation (CycloneDX), and the list of licences made from it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

OURS = "eyamlgpg"
TOOLS = {"pip", "setuptools", "wheel"}
"""What an environment has of its own."""
CLASSIFIER = "License :: OSI Approved :: "
"""What PyPI's classifiers of licences begin with."""


def write_bill(environment: Path, folder: Path) -> None:
    """Write `eyamlgpg.cdx.json` and `licences.md` of what was installed into `environment`."""
    path = folder / "eyamlgpg.cdx.json"
    subprocess.run(
        [
            *(sys.executable, "-m", "cyclonedx_py", "environment", environment / "bin" / "python"),
            *("--output-reproducible", "--validate", "--mc-type", "application", "--output-file", path),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    bill = json.loads(path.read_text(encoding="utf-8"))
    bill["components"] = [one for one in bill["components"] if one["name"].lower() not in TOOLS]
    path.write_text(json.dumps(bill, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "licences.md").write_text(licences(bill["components"]), encoding="utf-8")


def licences(components: list[dict[str, Any]]) -> str:
    """A table of the components, by name: version and licence as each one's own metadata tell them."""
    lines = ["# Licences of what a release installs", "", "| package | version | licence |", "| --- | --- | --- |"]
    lines += [
        f"| {one['name']} | {one.get('version', '')} | {licence(one.get('licenses', []))} |"
        for one in sorted(components, key=lambda component: component["name"].lower())
    ]
    return "\n".join(lines) + "\n"


def licence(entries: list[dict[str, Any]]) -> str:
    """What a component's `licenses` say: SPDX expressions and identifiers, and names where there is neither."""
    spdx = {str(entry.get("expression") or entry["license"].get("id", "")) for entry in entries} - {""}
    names = {entry["license"]["name"].splitlines()[0].removeprefix(CLASSIFIER) for entry in entries if _named(entry)}
    return ", ".join(sorted(spdx or names)) or "not told"


def _named(entry: dict[str, Any]) -> bool:
    return bool(entry.get("license", {}).get("name"))
