"""hiera.yaml as Puppet reads it, and what Puppet refuses."""

import pytest

from eyamlgpg.errors import ConfigError
from eyamlgpg.formats.puppet.hiera_yaml import parse
from eyamlgpg.formats.puppet.new_hiera import NewHiera, NewLevel, written
from eyamlgpg.model.hiera import EYAML, HieraFile, Kind

DEFAULTS = """\
version: 5
defaults:
  datadir: hieradata
  lookup_key: eyaml_lookup_key
  options: {gpg_gnupghome: /etc/gpg}
hierarchy:
  - name: Nodes
    paths: &paths ["nodes/%{trusted.certname}.yaml", common.yaml]
  - name: Plain
    data_hash: yaml_data
    datadir: other
    paths: *paths
  - name: Own
    glob: "*.yaml"
    options: {pkcs7_private_key: /k}
"""


def test_a_level_takes_from_the_defaults_what_it_does_not_say() -> None:
    """Its own options stand in place of all of the defaults'."""
    file = parse(DEFAULTS, "hiera.yaml")
    assert [(level.name, level.line, level.kind, level.function, level.datadir) for level in file.levels] == [
        ("Nodes", 7, Kind.LOOKUP_KEY, EYAML, "hieradata"),
        ("Plain", 9, Kind.DATA_HASH, "yaml_data", "other"),
        ("Own", 13, Kind.LOOKUP_KEY, EYAML, "hieradata"),
    ]
    assert [sorted(level.options) for level in file.levels] == [
        ["gpg_gnupghome"],
        ["gpg_gnupghome"],
        ["pkcs7_private_key"],
    ]
    assert [location.text for location in file.levels[1].locations] == ["nodes/%{trusted.certname}.yaml", "common.yaml"]
    assert file.refusals == ()


def test_entries_that_a_merge_key_brings_count() -> None:
    text = "x: &e {lookup_key: eyaml_lookup_key}\nversion: 5\nhierarchy:\n  - {name: a, path: a.yaml, <<: *e}\n"
    assert parse(text, "hiera.yaml").levels[0].decrypts


def test_version_3_has_a_level_for_each_backend() -> None:
    text = (
        ":backends:\n  - eyaml\n  - yaml\n:hierarchy:\n  - nodes/%{clientcert}\n  - common\n"
        ":eyaml:\n  :datadir: /d\n  :extension: yaml\n  :gpg_gnupghome: /g\n"
    )
    eyaml, plain = parse(text, "hiera.yaml").levels
    assert [location.text for location in eyaml.locations] == ["nodes/%{clientcert}.yaml", "common.yaml"]
    assert (eyaml.decrypts, eyaml.datadir, eyaml.gnupghome and eyaml.gnupghome.line) == (True, "/d", 10)
    assert (plain.is_plain, plain.datadir) == (True, "/etc/puppetlabs/code/environments/%{::environment}/hieradata")


def test_version_4_adds_the_extension() -> None:
    text = "version: 4\nhierarchy:\n  - {name: common, backend: yaml}\n  - {name: n, backend: json, path: n.json}\n"
    file = parse(text, "hiera.yaml")
    assert [(level.function, level.locations[0].text) for level in file.levels] == [
        ("yaml_data", "common.yaml"),
        ("json_data", "n.json"),
    ]


def test_without_a_hierarchy_puppet_reads_common_yaml() -> None:
    [level] = parse("version: 5\n", "hiera.yaml").levels
    assert (level.function, level.locations[0].text) == ("yaml_data", "common.yaml")


START = "version: 5\nhierarchy:\n  - name: a\n    path: a.yaml\n"
REFUSED = {
    f"{START}    gpg_gnupghome: /x\n": (5, "'gpg_gnupghome' means nothing in the level 'a'"),
    f"{START}    lookupkey: x\n": (5, "'lookupkey' means nothing"),
    f"{START}    glob: x\n": (5, "the level 'a' has path and glob"),
    f"{START}    data_hash: x\n    lookup_key: y\n": (3, "names data_hash and lookup_key"),
    f"{START}    data_hash: eyaml_lookup_key\n": (5, "names eyaml_lookup_key as data_hash"),
    f"{START}    lookup_key: yaml_data\n": (5, "names yaml_data as lookup_key"),
    f"{START}    options: {{path: x}}\n": (5, "an option path"),
    f"{START}  - name: a\n    path: b.yaml\n": (5, "stands in line 3 already"),
    "version: 5\ndefaults: {datadir: d}\nhierarchy:\n  - name: a\n    path: a\n": (4, "has no function"),
    "version: 5\nhierarchy:\n  - path: a\n": (3, "has no name"),
    "version: 5\nhierarchy:\n  - name: a\n    mapped_paths: [a, b]\n": (4, "mapped_paths has"),
    "version: 5\nhierarchie: []\n": (2, "'hierarchie' means nothing"),
    "version: 6\n": (1, "version '6' is not known"),
    "- a\n": (1, "is not a mapping"),
    ":backends: [yaml, yaml]\n": (1, "named twice"),
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_puppet_refuses_is_told_with_its_line(text: str) -> None:
    line, sentence = REFUSED[text]
    [refusal] = parse(text, "hiera.yaml").refusals
    assert refusal.line == line
    assert sentence in refusal.sentence


def test_a_misplaced_option_of_eyaml_is_told_where_it_belongs() -> None:
    [refusal] = parse(f"{START}    gpg_gnupghome: /x\n", "hiera.yaml").refusals
    assert refusal.hint == "options of eyaml stand below `options:`, as in `options: {gpg_gnupghome: …}`"


def test_a_file_that_is_not_yaml_is_an_error_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"^env/hiera\.yaml:4: not YAML: "):
        parse("version: 5\nhierarchy:\n  - [\n", "env/hiera.yaml")


@pytest.mark.parametrize("version", [5, 3])
def test_what_is_written_is_read_as_it_was_meant(version: int) -> None:
    levels = (NewLevel('No"des', ("nodes/%{trusted.certname}.yaml",)), NewLevel("Common", ("common.yaml", "x.yaml")))
    file: HieraFile = parse(written(NewHiera("/etc/g p g", "data", levels, "yaml"), version), "hiera.yaml")
    assert (file.version, file.refusals) == (version, ())
    assert all(level.decrypts and level.gnupghome and level.gnupghome.value == "/etc/g p g" for level in file.levels)
    assert [location.text for level in file.levels for location in level.locations] == [
        "nodes/%{trusted.certname}.yaml",
        "common.yaml",
        "x.yaml",
    ]
