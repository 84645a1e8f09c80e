"""What names promise beside the plain words: in the entry next to a value, written together, with a form that fits."""

import pytest

from eyamlgpg.detectors.names import NamePolicy, sounds_secret
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.policy import ClearText
from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY


def found(text: str) -> list[Finding]:
    return list(clear_text.find(Subject.read("a.yaml", text), Knowledge()))


def told(text: str) -> list[tuple[object, ...]]:
    return [(finding.rule, finding.line, finding.column, finding.key) for finding in found(text)]


@pytest.mark.parametrize(
    ("entry", "column"),
    [
        ("{name: DB_PASSWORD, value: kirschkuchen}", 30),
        ("{value: kirschkuchen, name: DB_PASSWORD}", 11),
        ("{key: spring.datasource.password, value: kirschkuchen}", 44),
        ("{env: API_TOKEN, value: kirschkuchen}", 27),
        ("{section: client, setting: password, value: kirschkuchen}", 47),
    ],
)
def test_a_value_beside_a_name_that_promises_a_secret_is_reported(entry: str, column: int) -> None:
    assert told(f"env:\n- {entry}\n") == [("plaintext-key-name", 2, column, "env.0.value")]


def test_an_alias_beside_such_a_name_is_reported_too() -> None:
    assert told("x: &x kirschkuchen\nenv:\n- {name: DB_PASSWORD, value: *x}\n") == [
        ("plaintext-key-name", 3, 30, "env.0.value")
    ]


def test_a_name_in_another_document_is_not_beside_the_value() -> None:
    assert told("env: {name: DB_PASSWORD}\n---\nenv: {value: kirschkuchen}\n") == []


@pytest.mark.parametrize(
    "entry",
    [
        f"{{name: DB_PASSWORD, value: {ANY}}}",
        "{name: DB_PASSWORD, value: \"%{lookup('x')}\"}",
        "{name: DB_PASSWORD, value: /run/secrets/db}",
        "{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: app-db, key: password}}}",
        "{name: password_min_length, value: 12}",
        "{name: DB_HOST, value: db1}",
        "{name: Your password, value: kirschkuchen}",
        "{name: DB_PASSWORD, ensure: present}",
        "{name: app-db-secret, type: Opaque}",
    ],
)
def test_a_value_beside_another_name_and_one_that_is_none_are_left_alone(entry: str) -> None:
    assert told(f"env:\n- {entry}\n") == []


@pytest.mark.parametrize("name", ["mysqlpass", "adminpw", "dbpwd", "authtoken", "clientsecret", "rocommunity"])
def test_a_name_that_was_written_together_promises_a_secret(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        *("bypass", "cache_bypass", "compass", "overpass", "trespass", "keepass", "NOPASSWD", "OLDPWD", "sshpass"),
        *("password_query", "token_interval", "badpass_message", "memcached_pass"),
    ],
)
def test_a_word_that_only_ends_so_promises_nothing(name: str) -> None:
    assert not sounds_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        "consul::config_hash: {encrypt: 'pUqJrVyVRj5jsiYEkM/tFQYfWyJIv4s3XkvDwy7Cu5s='}\n",
        "consul::encrypt: 'cg8StVXbQJ0gPvMd9o7yrg=='\n",
        "haproxy::stats: {auth: 'admin:kirsch9kuchen'}\n",
        "snmp::rw_community: private\n",
        "profile::passwords: [Sommer2024x]\n",
        "x::auth_key: kirschkuchen\n",
        "icinga2::ticket_salt: kirschkuchen\n",
    ],
)
def test_a_name_with_a_form_that_fits_promises_a_secret(text: str) -> None:
    assert [finding.rule for finding in found(text)] == ["plaintext-key-name"]


@pytest.mark.parametrize(
    "text",
    [
        "consul::encrypt: true\n",
        "vpn::encrypt: aes256-sha256\n",
        "haproxy::stats: {auth: 'radius:1812'}\n",
        "x::auth: ldap:files\n",
        "x::image: 'nginx:kirsch9kuchen'\n",
        "snmp::ro_community: public\n",
        "sssd::ldap_user_pwd: userPassword\n",
        "apache::vhost: {pass: 'ProxyPass /app http://127.0.0.1:8080/'}\n",
        "services: {vault-secret: running}\n",
        "haproxy::acls: [{name: cache_pass, value: pass}]\n",
        "docker::secrets: [db_password, app-token-v2]\n",
        "ceph::creds: [admin, bootstrap-osd]\n",
        "cfssl::profiles: {k8s: {auth_key: k8s_staging}}\n",
        "openldap::hash_passwords: SSHA\n",
        "keystone::token_driver: fernet\n",
        "x::password: placeholder\n",
        "x::password: see https://wiki.example.com/passwords\n",
    ],
)
def test_values_that_are_known_not_to_be_secret_are_left_alone(text: str) -> None:
    assert told(text) == []


def test_what_the_policy_calls_harmless_has_no_pair_nor_name_beside_that_counts() -> None:
    text = "demo::stats: {auth: 'admin:kirsch9kuchen'}\ndemo::env: [{name: DB_PASSWORD, value: kirschkuchen}]\n"
    knowledge = Knowledge(NamePolicy(ClearText(harmless=("demo::*",))))
    assert len(found(text)) == 2
    assert list(clear_text.find(Subject.read("a.yaml", text), knowledge)) == []


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("? {user: app, password: kirschkuchen}\n: x\n", 25),
        ("? [a, 'https://u:kirschkuchen@h']\n: x\n", 7),
        ("? {env: ['DB_PASSWORD=kirschkuchen']}\n: x\n", 10),
    ],
)
def test_a_secret_inside_a_key_that_is_a_mapping_is_reported_without_a_key(text: str, column: int) -> None:
    [finding] = found(text)
    assert (finding.line, finding.column, finding.key) == (1, column, None)
    assert "kirschkuchen" not in str(finding)


def test_what_is_encrypted_or_harmless_inside_such_a_key_is_left_alone() -> None:
    assert told(f"? {{password: {ANY}, user: app, password_file: /x, n: ~}}\n: x\n") == []
