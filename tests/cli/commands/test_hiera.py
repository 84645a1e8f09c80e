"""`hiera check`: control repositories with one fault each, and what is said of it."""

import pytest

from tests.support.control_repository import BOTH, HOME, PLAIN, PROD, V5, Control, level


def test_nothing_is_wrong_with_a_level_that_decrypts(control: Control) -> None:
    control.write(hiera_yaml=V5 + level("Common", "common.yaml"))
    document = control.document("--master", PROD.fingerprint)
    assert document["schema_version"] == 1
    assert document["masters"] == [PROD.user_ids[0]]
    assert document["files"] == [
        {
            "path": "hiera.yaml",
            "version": 5,
            "layer": "environment",
            "levels": [
                {
                    "name": "Common",
                    "line": 3,
                    "function": "eyaml_lookup_key",
                    "state": "ok",
                    "files": ["data/common.yaml"],
                    "values": 1,
                }
            ],
        }
    ]
    [finding] = document["findings"]
    assert finding == {
        "id": "home-elsewhere",
        "state": "unknown",
        "path": "hiera.yaml",
        "line": 6,
        "level": None,
        "key": None,
        "master": "/nowhere/gpg",
        "message": "the home /nowhere/gpg is not on this machine, so its keys are not known here",
        "hint": "run `eyamlgpg hiera check --on-master` on the master, as root or as the user that Puppet runs as",
    }


CASES: dict[str, tuple[dict[str, str], list[tuple[str, str, str, int]]]] = {
    "a plain level hands out ciphertext": (
        {"hiera_yaml": V5 + level("C", "common.yaml", PLAIN)},
        [("not-decrypted", "problem", "data/common.yaml", 1)],
    ),
    "puppet's default is a plain level": (
        {"hiera_yaml": "version: 5\n"},
        [("not-decrypted", "problem", "data/common.yaml", 1)],
    ),
    "a plain level behind one that decrypts": (
        {"hiera_yaml": V5 + level("E", "common.yaml") + level("C", "%{x}.yaml", PLAIN)},
        [("not-decrypted-in-merges", "note", "data/common.yaml", 1)],
    ),
    "a plain level before one that decrypts": (
        {"hiera_yaml": V5 + level("C", "common.yaml", PLAIN) + level("E", "common.yaml")},
        [("not-decrypted", "problem", "data/common.yaml", 1)],
    ),
    "a function of somebody's own": (
        {"hiera_yaml": V5 + level("C", "common.yaml", "    lookup_key: my::vault\n")},
        [("unknown-function", "unknown", "hiera.yaml", 3)],
    ),
    "no home": (
        {"hiera_yaml": V5 + level("C", "common.yaml", "    lookup_key: eyaml_lookup_key\n")},
        [("no-gnupghome", "problem", "hiera.yaml", 3)],
    ),
    "a home by tilde": (
        {"hiera_yaml": V5 + level("C", "common.yaml", HOME.replace("/nowhere", "~"))},
        [("home-path", "problem", "hiera.yaml", 6)],
    ),
    "a home that depends on the node": (
        {"hiera_yaml": V5 + level("C", "common.yaml", HOME.replace("/nowhere/gpg", "'/gpg/%{environment}'"))},
        [("home-interpolated", "unknown", "hiera.yaml", 6)],
    ),
    "a file that no level reads": (
        {"hiera_yaml": V5 + level("C", "common.yaml"), "data__other_eyaml": "a: 1\n", "data__b_yaml": f"a: {BOTH}\n"},
        [("unread", "problem", "data/b.yaml", 1), ("unread", "problem", "data/other.eyaml", 1)],
    ),
    "a file below a folder that only a slash reads": (
        {"hiera_yaml": V5 + level("C", "common.yaml") + level("R", "%{role}.eyaml"), "data__web__a_eyaml": "a: 1\n"},
        [
            ("level-without-files", "note", "hiera.yaml", 7),
            ("unread-but-for-slashes", "unknown", "data/web/a.eyaml", 1),
        ],
    ),
    "a level without a file": (
        {"hiera_yaml": V5 + level("C", "common.yaml") + level("N", "nodes/%{x}.yaml")},
        [("level-without-files", "note", "hiera.yaml", 7)],
    ),
    "one path of several without a file": (
        {"hiera_yaml": V5 + f"  - name: C\n    paths: [common.yaml, b.yaml]\n{HOME}"},
        [("path-without-file", "note", "hiera.yaml", 3)],
    ),
    "globs and mapped paths are followed": (
        {
            "hiera_yaml": V5
            + f"  - name: G\n    glob: 'teams/*.yaml'\n{PLAIN}"
            + f"  - name: M\n    mapped_paths: [tiers, tier, 'tier/%{{tier}}.yaml']\n{PLAIN}"
            + level("C", "common.yaml"),
            "data__teams__web_yaml": f"a: {BOTH}\n",
            "data__tier__one_yaml": f"a: {BOTH}\n",
        },
        [
            ("not-decrypted", "problem", "data/teams/web.yaml", 1),
            ("not-decrypted", "problem", "data/tier/one.yaml", 1),
        ],
    ),
    "a data folder by its place on the master": (
        {
            "hiera_yaml": "version: 5\ndefaults:\n"
            "  datadir: /etc/puppetlabs/code/environments/%{environment}/data\nhierarchy:\n"
            + level("C", "common.yaml", PLAIN)
        },
        [("not-decrypted", "problem", "data/common.yaml", 1), ("datadir-taken", "note", "hiera.yaml", 5)],
    ),
    "a data folder that is not here": (
        {"hiera_yaml": V5 + level("C", "common.yaml") + level("P", "a.yaml", "    datadir: /nowhere/x\n" + PLAIN)},
        [("datadir-elsewhere", "unknown", "hiera.yaml", 7)],
    ),
    "PKCS7 without its keys": (
        {"hiera_yaml": V5 + level("C", "common.yaml"), "data__common_yaml": "a: ENC[MAMCAQE=]\n"},
        [("no-pkcs7-key", "problem", "data/common.yaml", 1)],
    ),
    "PKCS7 with the private key alone": (
        {
            "hiera_yaml": V5 + level("C", "common.yaml", HOME.replace("gpg_gnupghome", "pkcs7_private_key")),
            "data__common_yaml": "a: ENC[PKCS7,MAMCAQE=]\n",
        },
        [("no-pkcs7-public-key", "note", "data/common.yaml", 1)],
    ),
    "a message that is cut short": (
        {"hiera_yaml": V5 + level("C", "common.yaml"), "data__common_yaml": f"a: 1\nb: {BOTH[:30]}]\n"},
        [("damaged", "problem", "data/common.yaml", 2)],
    ),
    "another plugin": (
        {"hiera_yaml": V5 + level("C", "common.yaml"), "data__common_yaml": "a: ENC[KMS,MAMCAQE=]\n"},
        [("other-method", "unknown", "data/common.yaml", 1)],
    ),
    "data that are not YAML": (
        {"hiera_yaml": V5 + level("C", "common.yaml"), "data__common_yaml": "a: 1\nb: [\n"},
        [("not-yaml", "problem", "data/common.yaml", 3)],
    ),
    "lookup_options": (
        {
            "hiera_yaml": V5 + level("C", "common.yaml"),
            "data__common_yaml": "a: 1\nlookup_options:\n  a: {convert_to: Sensitive}\n  b: {merge: hash}\n",
        },
        [("lookup-options", "unknown", "data/common.yaml", 2)] * 2,
    ),
    "version 3 in an environment": (
        {"hiera_yaml": ":backends: [eyaml]\n:hierarchy: [common]\n:eyaml:\n  :datadir: /etc/puppet/data\n"},
        [
            ("version-3", "problem", "hiera.yaml", 1),
            ("level-without-files", "note", "hiera.yaml", 1),
            ("datadir-taken", "note", "hiera.yaml", 1),
            ("unread", "problem", "data/common.yaml", 1),
        ],
    ),
    "a backend of version 3 in an environment": (
        {
            "hiera_yaml": V5
            + level("C", "common.yaml", HOME.replace("lookup_key: eyaml_lookup_key", "hiera3_backend: eyaml"))
        },
        [("refused", "problem", "hiera.yaml", 3)],
    ),
    "a module's own hiera.yaml": (
        {
            "hiera_yaml": V5 + level("C", "common.yaml"),
            "modules__db__hiera_yaml": V5 + level("M", "m.yaml", PLAIN),
            "modules__db__data__m_yaml": f"db::p: {BOTH}\n",
        },
        [("not-decrypted", "problem", "modules/db/data/m.yaml", 1)],
    ),
    "comments, keys, and documents behind the first": (
        {
            "hiera_yaml": V5 + level("C", "common.yaml", PLAIN),
            "data__common_yaml": f"# {BOTH}\n'{BOTH}': 1\n---\na: {BOTH}\n",
        },
        [],
    ),
    "what tests are told by": (
        {"hiera_yaml": V5 + level("C", "common.yaml"), "spec__fixtures__a_eyaml": "a: 1\n"},
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_is_told_where_it_stands(control: Control, name: str) -> None:
    files, expected = CASES[name]
    found = control.write(**files).found()
    assert sorted(found) == sorted(expected)


def test_the_report_for_people(control: Control) -> None:
    control.write(hiera_yaml=V5 + level("Plain", "%{facts.x}.yaml", PLAIN), data__b_eyaml="a: 1\n")
    ran = control.run("check")
    assert ran.text == (
        "hiera.yaml: version 5, of an environment\n"
        "  unknown  line 3: known on a node alone, so every file that the paths may name is taken as read: %{facts.x}\n"
        "  problem  Plain (line 3): yaml_data, 1 file, 1 encrypted value\n"
        "    problem  data/common.yaml:1: a::b: yaml_data hands out the ciphertext of 1 value\n"
        "             read this level by `lookup_key: eyaml_lookup_key` with its options, or move the values to such a "
        "level\n"
        "\n"
        "The tree\n"
        "  problem  data/b.eyaml:1: no level of any hiera.yaml reads this file\n"
    )
    assert ran.err == "eyamlgpg: 1 hiera.yaml, 1 level: 2 problems, 1 unknown\n"
    assert ran.status == 1


def test_a_hiera_yaml_that_is_not_yaml_is_an_error_with_file_and_line(control: Control) -> None:
    ran = control.write(hiera_yaml="version: 5\n\tx: [\n").run("check")
    assert (ran.status, ran.text) == (3, "")
    assert ran.err.startswith("eyamlgpg: hiera.yaml:2: not YAML: ")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("check",), 3, "there is no hiera.yaml in it"),
        (("check", "nowhere"), 3, "nowhere: there is no such file or folder"),
        (("init", "nowhere"), 3, "nowhere: there is no such file or folder"),
        (("init", "environment.conf"), 3, "environment.conf: there is no such folder"),
        (("init", "--homedir", "~/gpg"), 2, "--homedir ~/gpg: is not an absolute path"),
        (("init", "--version", "4"), 2, "'4' is not one of '5', '3'"),
        (("initt",), 2, "Did you mean init?"),
    ],
)
def test_what_cannot_be_done_is_refused(control: Control, words: tuple[str, ...], status: int, said: str) -> None:
    ran = control.run(*words)
    assert (ran.status, ran.text) == (status, "")
    assert said in ran.err
