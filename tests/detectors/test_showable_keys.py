"""A key is shown if it looks like a name; whatever else it is may be a secret."""

import pytest

from eyamlgpg.detectors.showable_keys import looks_like_name, showable_path
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject


@pytest.mark.parametrize(
    "key",
    [
        *("profile::db::password", "x-api-key", "Content-Type", "schlüssel", "it's", "c++", "<<", "", ":backends"),
        *("Debian 10", "100 accept all icmp", "allow ssh - web", "/etc/nginx/nginx.conf", "k8s.io/name", "eth0.100"),
        *("*.example.com", "10.0.0.0/8", "alice@example.com", "monitor@localhost", "app@%/db.*", "8080:80", "fe80::1"),
        *("profile::%{::env}::x", "%{facts.os.family}", "-w", "--warning", "server01", "F5CE8A4F" * 5),
        *(
            "dc=ex,dc=test",
            "cn=admin, ou=people,dc=example,dc=com",
            "o=Example Ltd",
            "db[12]*",
            "db[1-3].ex.test",
            "a|b",
        ),
        *("k1", "db01", "enp6s0"),
    ],
)
def test_what_looks_like_a_name_is_shown(key: str) -> None:
    assert looks_like_name(key)
    assert showable_path(KeyPath(("a", 0, key))) == KeyPath(("a", 0, key))


@pytest.mark.parametrize(
    "key",
    [
        *(
            'curl -u me:x -H "Type',
            "mysql -uroot -pgeheim -e x",
            "requirepass geheim",
            "password Geheim7x",
            "-pGeheim7x",
        ),
        *("admin:Geheim7x", "root:geheim x", "P@ssw0rd1", "PASSWORD=geheim", "https://u:geheim1@h/", "a\nb", "a" * 101),
        *(
            "cn=Geheim7x,dc=ex",
            "uid=P@ss,dc=ex",
            "dc=ex,password=geheim",
            "a|Geheim7x",
            "db[Geheim7x]",
            "x|ghp_" + "a" * 36,
        ),
        *("DEC(1)::GPG[geheim]!", "ENC[GPG,hQEMA]", "ghp_" + "a" * 36, "abcDEFghi123JKLmno456PQR", "a\x1b[31m"),
        *("-----BEGIN RSA PRIVATE KEY-----\nMIIB", "htpasswd bob Geheim7x", "password Geheim7x"),
    ],
)
def test_what_does_not_is_hidden(key: str) -> None:
    assert not looks_like_name(key)
    assert str(showable_path(KeyPath(("a", 0, key)))) == "a.0.‹hidden›"


def told(text: str) -> list[tuple[str, int | None, str | None]]:
    found = clear_text.find(Subject.read("a.yaml", text), Knowledge())
    return [(finding.rule.removeprefix("plaintext-"), finding.line, finding.key) for finding in found]


def test_a_password_in_a_key_is_reported() -> None:
    text = '- curl -u admin:Geheim7x -H "Content-Type: application/json" https://h/\n- a: 1\n'
    assert told(text) == [("assignment", 1, "0.‹hidden›")]


def test_a_key_in_braces_without_a_value_is_taken_for_one() -> None:
    assert told("a::password: {Kirschkuchen9}\npasswords: {alice, Geheim7x}\nb: {Geheim7x}\n") == [
        ("key-name", 1, "a::password"),
        ("key-name", 2, "passwords"),
    ]
    assert told("a::password: {value: }\nb::password: {x: {y: 1}, z: ''}\n") == []


def test_lines_of_an_open_marker_are_hidden_as_far_as_it_may_reach() -> None:
    subject = Subject.read("a.yaml", "a: 1\nb: DEC(1)::GPG[x\nc: {d: 1}\n")
    assert [str(subject.keys.shown(KeyPath((key,)))) for key in "abcd"] == ["a", "b", "‹hidden›", "‹hidden›"]
