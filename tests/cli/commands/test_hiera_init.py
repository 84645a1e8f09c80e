"""`hiera init`: levels for the folders and files that are there, and nothing overwritten."""

from pathlib import Path

import pytest

from tests.support.control_repository import BOTH, Control
from tests.support.tool import Tool


def test_init_takes_the_folders_and_files_that_are_there(control: Control) -> None:
    control.write(
        **dict.fromkeys(
            ("data__nodes__a_eyaml", "data__nodes__b_yaml", "data__os__Debian_yaml", "data__countries__de_yaml"),
            "a: 1\n",
        ),
        data__app_yaml="a: 1\n",
        data__deep__er__x_yaml="a: 1\n",
    )
    ran = control.run("init", "--homedir", "/srv/gpg")
    assert (ran.status, ran.text) == (0, "")
    assert (control.root / "hiera.yaml").read_text() == (
        "---\nversion: 5\ndefaults:\n  datadir: data\n"
        "  # Reads plain files, too. Every level has these options unless it has its own.\n"
        "  lookup_key: eyaml_lookup_key\n  options:\n"
        "    # The GnuPG home of the puppetmaster's key on each master: the user puppet owns it, and the key has no\n"
        "    # passphrase.\n"
        "    gpg_gnupghome: /srv/gpg\n"
        "hierarchy:\n"
        '  - name: "Nodes"\n    paths:\n'
        '      - "nodes/%{trusted.certname}.eyaml"\n      - "nodes/%{trusted.certname}.yaml"\n'
        '  - name: "Countries"\n    path: "countries/%{facts.country}.yaml"\n'
        '  - name: "Os"\n    path: "os/%{facts.os.family}.yaml"\n'
        '  - name: "App"\n    path: "app.yaml"\n'
        '  - name: "Common"\n    path: "common.yaml"\n'
    )
    target = control.root / "hiera.yaml"
    assert ran.err == (
        f"eyamlgpg: {target}: written, version 5, 5 levels over data; the key's home is /srv/gpg\n"
        "eyamlgpg: look at %{facts.country}: guessed from names of folders\n"
        "eyamlgpg: warning: no level reads data/deep/er/x.yaml: add levels for them\n"
        "eyamlgpg: `eyamlgpg hiera check` says whether every value is read\n"
    )


@pytest.mark.parametrize("version", ["5", "3"])
def test_init_overwrites_nothing_and_a_dry_run_writes_nothing(control: Control, version: str) -> None:
    dry = control.run("init", "--version", version, "--dry-run")
    assert dry.status == 0
    assert not (control.root / "hiera.yaml").exists()
    assert control.run("init", "--version", version).status == 0
    assert (control.root / "hiera.yaml").read_text() == dry.text
    again = control.run("init", "--version", version)
    assert (again.status, "is there already, and is not overwritten" in again.err) == (3, True)
    assert (control.root / "hiera.yaml").read_text() == dry.text


def test_init_of_an_empty_tree_has_levels_to_begin_with(tmp_path: Path) -> None:
    ran = Tool()("hiera", "init", "--dry-run", cwd=tmp_path)
    assert (ran.status, '"nodes/%{trusted.certname}.eyaml"' in ran.text) == (0, True)


@pytest.mark.parametrize(
    ("files", "extension", "others"),
    [
        ({"data__common_yaml": f"a: {BOTH}\n", "data__x_eyaml": f"a: {BOTH}\n"}, "eyaml", ["yaml"]),
        ({"data__common_yaml": f"a: {BOTH}\n"}, "yaml", []),
        ({"data__common_yaml": f"a: {BOTH}\n", "data__x_eyaml": "a: 1\n"}, "yaml", ["eyaml"]),
    ],
)
def test_version_3_decrypts_the_files_that_hold_values(
    control: Control, files: dict[str, str], extension: str, others: list[str]
) -> None:
    text = control.write(**files).run("init", "--version", "3", "--dry-run").text
    assert f"\n  :extension: {extension}\n" in text
    assert [line[4:] for line in text.split(":hierarchy:")[0].splitlines() if line.startswith("  - ")] == [
        "eyaml",
        *others,
    ]
