"""Each rule on clear text: what it reports, once a value, and what it leaves alone."""

from base64 import b64encode

import pytest

from eyamlgpg.detectors.names import NamePolicy, sounds_secret
from eyamlgpg.model.findings import Finding
from eyamlgpg.model.policy import ClearText
from eyamlgpg.rules.knowledge.tree import Knowledge, collect, roots
from eyamlgpg.rules.plaintext import editor_leftover
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.plaintext.was_encrypted import Before
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY

NO_POLICY = NamePolicy()


def subject(text: str, path: str = "a.yaml") -> Subject:
    return Subject.read(path, text)


def found(text: str, *others: str, names: NamePolicy = NO_POLICY, old: str | None = None) -> list[Finding]:
    read = subject(text)
    elsewhere = [subject(other, f"other{number}.eyaml") for number, other in enumerate(others)]
    before = Before.of(subject(old), read) if old is not None else Before()
    return list(clear_text.find(read, collect([read, *elsewhere], names), before))


def told(text: str, *others: str, names: NamePolicy = NO_POLICY, old: str | None = None) -> list[tuple[object, ...]]:
    findings = found(text, *others, names=names, old=old)
    return [(finding.rule, finding.line, finding.column, finding.key) for finding in findings]


def test_an_edit_marker_is_reported_wherever_it_stands() -> None:
    assert told("# DEC::GPG[old]!\na: x DEC(3)::GPG[pw]! y\n") == [
        ("plaintext-edit-marker", 1, 3, None),
        ("plaintext-edit-marker", 2, 6, "a"),
    ]


def test_a_half_open_marker_is_reported_though_no_yaml_is_left() -> None:
    assert told("a: [DEC(1)::GPG[pw\n") == [("plaintext-edit-marker", 1, 5, None)]


def test_a_marker_in_a_key_never_shows_in_the_key_of_the_finding() -> None:
    assert told("DEC(1)::GPG[hunter2]!: x\n") == [("plaintext-edit-marker", 1, 1, "‹hidden›")]


def test_a_value_whose_key_is_encrypted_elsewhere_is_reported() -> None:
    findings = found("a::pepper: dev\n", f"a::pepper: {ANY}\n")
    assert [(finding.rule, finding.message) for finding in findings] == [
        (
            "plaintext-encrypted-elsewhere",
            "this key is encrypted in other0.eyaml:1 and stands here in clear text",
        )
    ]


@pytest.mark.parametrize("value", ["", "''", "~", "true", "'%{lookup(\"b\")}'", "<pepper>", "CHANGE_ME"])
def test_a_value_that_says_nothing_is_no_secret_though_its_key_is_encrypted_elsewhere(value: str) -> None:
    assert told(f"a::pepper: {value}\n", f"a::pepper: {ANY}\n") == []


def test_in_a_list_of_mappings_the_place_does_not_count() -> None:
    other = f"users:\n- phrase: {ANY}\n"
    assert told("users:\n- x: 1\n- phrase: abc\n", other) == [
        ("plaintext-encrypted-elsewhere", 3, 11, "users.1.phrase")
    ]


def test_the_items_of_a_list_say_nothing_about_each_other() -> None:
    assert told(f"env:\n- DB_HOST=db1\n- DB_PASSWORD={ANY}\n", f"env:\n- {ANY}\n") == []


def test_a_value_that_was_encrypted_in_the_last_commit_is_reported() -> None:
    assert told("a: open\nb: y\n", old=f"a: {ANY}\nb: z\n") == [("plaintext-was-encrypted", 1, 4, "a")]


def test_an_item_that_was_encrypted_is_reported_and_those_that_only_moved_are_not() -> None:
    old = f"env:\n- A=1\n- {ANY}\n- {ANY}\n"
    assert told(f"env:\n- NEW\n- A=1\n- {ANY}\n- {ANY}\n", old=old) == []
    assert told(f"env:\n- A=1\n- opened\n- {ANY}\n", old=old) == [("plaintext-was-encrypted", 3, 3, "env.1")]


def test_a_key_that_becomes_sensitive_is_reported() -> None:
    options = "lookup_options:\n  '^p::.*_cred$':\n    convert_to: Sensitive\n"
    options += "  q::x: {convert_to: [Sensitive, Array]}\n"
    assert told("p::a_cred: x1\nq::x: x2\nq::y: x3\n", options) == [
        ("plaintext-sensitive", 1, 12, "p::a_cred"),
        ("plaintext-sensitive", 2, 7, "q::x"),
    ]


def test_a_pattern_that_only_ruby_knows_is_passed_over() -> None:
    assert told("p::a: x1\n", "lookup_options:\n  '^p::(?<x>a':\n    convert_to: Sensitive\n") == []


def test_an_alias_hands_a_clear_value_to_a_suspicious_key() -> None:
    assert told("x: &it geheim1\ndb::password: *it\n") == [("plaintext-key-name", 2, 15, "db::password")]


def test_a_text_that_is_no_yaml_is_looked_at_by_line() -> None:
    text = "a: [\nurl: postgres://app:Zimt12@db/app\n-----BEGIN RSA PRIVATE KEY-----\n"
    assert told(text) == [
        ("plaintext-url-credentials", 2, None, None),
        ("plaintext-private-key", 3, None, None),
    ]


@pytest.mark.parametrize(
    "value",
    [
        "PuTTY-User-Key-File-3: ssh-ed25519",
        '"-----BEGIN ENCRYPTED PRIVATE KEY-----\\nMIIB"',
    ],
)
def test_a_private_key_that_is_younger_than_the_detector_is_reported(value: str) -> None:
    assert told(f"x: {value!r}\n" if "User" in value else f"x: {value}\n")[0][0] == "plaintext-private-key"


@pytest.mark.parametrize(
    "text",
    [
        "PASSWORD=geheim12",
        "--password=geheim12",
        "Server=x;Password=geheim12;",
        "Authorization: Bearer abcdefgh1234",
        "mysqldump -u root -pgeheim12 db",
    ],
)
def test_a_secret_inside_a_text_is_reported(text: str) -> None:
    assert told(f"x: '{text}'\n") == [("plaintext-assignment", 1, 4, "x")]


@pytest.mark.parametrize(
    "text",
    ["PASSWORD=$PW", "PASSWORD=", "password==x", "Authorization: Bearer <token>", "mysqldump -u root -p db", "a = b"],
)
def test_a_text_that_sets_no_secret_is_left_alone(text: str) -> None:
    assert told(f"x: '{text}'\n") == []


def test_a_policy_adds_names_takes_names_away_and_asks_for_hashes() -> None:
    text = "a::frobnicator: geheim\nb::password: offen\nc::password: $6$salt$hash\n"
    assert told(text) == [("plaintext-key-name", 2, 14, "b::password")]
    names = NamePolicy(ClearText(("*::frobnicator",), ("b::*",), report_password_hashes=True))
    assert told(text, names=names) == [
        ("plaintext-key-name", 1, 17, "a::frobnicator"),
        ("plaintext-key-name", 3, 14, "c::password"),
    ]


@pytest.mark.parametrize("name", ["rootPassword", "dbpassword", "API-Key", "secret_key_base", "password2", "OLD_PW"])
def test_a_name_promises_a_secret_however_it_is_written(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize("name", ["password_min_length", "tokenizer", "compass", "proxy_pass", "max_tokens", "", "key"])
def test_a_name_that_only_sounds_like_one_promises_nothing(name: str) -> None:
    assert not sounds_secret(name)


@pytest.mark.parametrize(
    "name",
    [".a.eyaml.swp", "x/a.yaml~", "x/#a.eyaml#", "a.eyaml.bak", "eyaml_edit123.yaml", ".#a.yml"],
)
def test_an_editors_copy_is_told_by_its_name(name: str) -> None:
    assert editor_leftover.is_leftover(name)
    assert editor_leftover.finding(name).path == name


@pytest.mark.parametrize("name", ["a.eyaml", "swp.yaml", "x~/a.yaml", "a.tmpl.yaml", "README.md~"])
def test_an_ordinary_file_is_no_editors_copy(name: str) -> None:
    assert not editor_leftover.is_leftover(name)


def test_a_value_in_a_key_makes_no_key_that_is_encrypted_elsewhere() -> None:
    assert told(f"{ANY}: admin\n") == []


def test_the_command_that_mends_it_can_be_pasted() -> None:
    [finding] = clear_text.find(subject("'it''s.me': {password: abc}\n", "a b.yaml"), Knowledge())
    assert finding.hint == """encrypt it: eyamlgpg set 'a b.yaml' '"it'"'"'s.me".password' -p"""


def test_nothing_is_known_of_the_tree_at_first() -> None:
    assert list(clear_text.find(subject("a::pepper: x\n"), Knowledge())) == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (f"profile::env: |\n  A_PASSWORD={ANY}\n  B_PASSWORD=Kirsch9kuchen\n", "plaintext-assignment"),
        (f"profile::env: |\n  A_PASSWORD={ANY}\n  URL=https://u:Kirsch9@h\n", "plaintext-url-credentials"),
        (f"x: '{ANY} and ghp_{'a' * 36}'\n", "plaintext-provider-token"),
        ("x::password: Kirsch9kuchen ENC[AAAA]\n", "plaintext-key-name"),
        (f"x::password: Kirsch9kuchen {ANY}\n", "plaintext-key-name"),
        ("x::password: ENC[Kirsch9kuchen]\n", "plaintext-key-name"),
        ("x: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIE\n  ENC[abcd]\n", "plaintext-private-key"),
        (f"a: [\nurl: https://u:Kirsch9@h {ANY}\n", "plaintext-url-credentials"),
    ],
)
def test_what_is_encrypted_in_a_text_hides_nothing_beside_it(text: str, rule: str) -> None:
    assert [finding.rule for finding in found(text)] == [rule]


@pytest.mark.parametrize(
    "text",
    [
        f"x::password: ' {ANY} '\n",
        f"x::token: Bearer {ANY}\n",
        f"x::secret_url: 'postgres://app:{ANY}@db1.example.com/app'\n",
        f"x: 'Server=db1;Password={ANY};User=app'\n",
        f"x::password: |\n  line1 word2word\n  {ANY}\n",
        f"x: 'PASSWORD={ANY}@db1'\n",
        "x::password: ENC[PKCS7,MIIBeQYJKoZIhvcN]\n",
        "x::password: ENC[VAULT,AAAA]\n",
        f"a: [\npassword={ANY}\n",
    ],
)
def test_what_only_surrounds_an_encrypted_value_is_left_alone(text: str) -> None:
    assert told(text, text) == []


def test_a_pattern_that_could_take_for_ever_is_taken_by_its_literal_ends() -> None:
    options = "lookup_options:\n  '^p::(\\w+::)*cred$': {convert_to: Sensitive}\n"
    assert told("p::a::cred: x1\np::a::host: x2\nq::cred: x3\n", options) == [
        ("plaintext-sensitive", 1, 13, "p::a::cred")
    ]


def test_the_keys_at_the_beginnings_of_lines_are_those_that_yaml_has() -> None:
    text = "a::b: 1\n- 'c:' : 2\n  d e :\nf:g\n#h: 1\n"
    assert roots(text) == {"a::b", "c:", "d e"}


TOKEN = "ghp_" + "a" * 36


def test_a_secret_as_a_mappings_key_is_reported_and_shown_nowhere() -> None:
    findings = found(f"tokens: {{{TOKEN}: {{password: geheim1}}}}\n'https://bob:pw1@h': {{}}\n")
    assert [(finding.rule, finding.key) for finding in findings] == [
        ("plaintext-provider-token", "tokens.‹hidden›"),
        ("plaintext-key-name", "tokens.‹hidden›.password"),
        ("plaintext-url-credentials", "‹hidden›"),
    ]
    assert not any(secret in str(findings) for secret in (TOKEN, "pw1"))


@pytest.mark.parametrize("value", ["!Kirsch9kuchen", "&Kirsch9kuchen"])
def test_a_password_that_yaml_takes_for_a_tag_or_an_anchor_is_reported(value: str) -> None:
    findings = found(f"l::password: {value}\n")
    assert [finding.rule for finding in findings] == ["plaintext-key-name"]
    assert "Kirsch" not in str(findings)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("profile::passwords: {alice: Sommer2024x}\n", "profile::passwords.alice"),
        ("profile::secrets: {stripe: Kx9aQ2lmn7}\n", "profile::secrets.stripe"),
        ("q::password: {value: Kirsch9kuchen}\n", "q::password.value"),
    ],
)
def test_a_name_above_promises_a_secret_too(text: str, key: str) -> None:
    assert [(finding.rule, finding.key) for finding in found(text)] == [("plaintext-key-name", key)]


@pytest.mark.parametrize(
    "text",
    [
        "profile::secrets: {engine: kv2version, backend_url: 'https://v1.example.com'}\n",
        "profile::secrets: {alice: short}\n",
        "q::password: {length: 12345678a}\n",
        "q::host: {value: Kirsch9kuchen}\n",
    ],
)
def test_below_a_suspicious_name_other_settings_are_left_alone(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize("value", ["$ecret2024", "/Xy9aQ2lmn", "abc/def99", "wJalrXUtnFEMIK7MDENG/bPxRfiCYzEXAMPLEKEY"])
def test_a_password_that_resembles_a_path_or_a_variable_is_reported(value: str) -> None:
    assert [finding.rule for finding in found(f"a::password: {value}\n")] == ["plaintext-key-name"]


@pytest.mark.parametrize(
    "value", ["$DB_PASSWORD2", "${pw1}", "$db_password", "/etc/x9/key", "/run2/a", "secrets/db.key"]
)
def test_a_path_or_a_variable_is_no_password(value: str) -> None:
    assert told(f"a::password: {value}\n") == []


@pytest.mark.parametrize(
    "name", ["rootpw", "dbpass", "credentials", "creds", "authpass", "privpass", "gossip_key", "rndc_key"]
)
def test_names_of_daemons_settings_promise_a_secret(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        "profile::nsswitch::passwd: files sss\n",
        "services: {vault-secret: running}\n",
        "limits::token_bucket: 5/min\n",
    ],
)
def test_settings_that_only_share_a_word_are_left_alone(text: str) -> None:
    assert told(text) == []


def test_a_list_and_a_wrapped_type_are_sensitive_too() -> None:
    options = "lookup_options:\n  a::x: {convert_to: 'Sensitive[String]'}\n"
    assert told("a::x: [one1, two2]\n", options) == [
        ("plaintext-sensitive", 1, 8, "a::x.0"),
        ("plaintext-sensitive", 1, 14, "a::x.1"),
    ]


def test_a_value_that_was_encrypted_is_missed_under_another_shape_too() -> None:
    old = f"p: {ANY}\nq: {ANY}\nr: ['{ANY}']\ns: {ANY}\n"
    rule = "plaintext-was-encrypted"
    assert told("p: [open]\nq: {r: open}\nr: open\ns: ''\n", old=old) == [
        (rule, 1, 5, "p.0"),
        (rule, 2, 8, "q.r"),
        (rule, 3, 4, "r"),
    ]
    assert told(f"q: {{user: bob, phrase: '{ANY}'}}\n", old=old) == []


@pytest.mark.parametrize("tag", ["!!binary", "!binary"])
def test_base64_that_puppet_decodes_is_looked_into(tag: str) -> None:
    key = b64encode(b"-----BEGIN RSA PRIVATE KEY-----\nMII\n").decode()
    assert told(f"k: {tag} {key}\n") == [("plaintext-private-key", 1, 4 + len(tag) + 1, "k")]
    assert told(f"a::password: {tag} |\n  R2VoZWlt\n  N3g=\n")[0][0] == "plaintext-key-name"
    assert told(f"k: {tag} aGVsbG8gd29ybGQ=\n") == []


def test_a_static_key_of_openvpn_is_a_private_key() -> None:
    text = "k: |\n  -----BEGIN OpenVPN Static key V1-----\n  e5a17c0d93b2f448\n  -----END OpenVPN Static key V1-----\n"
    assert told(text) == [("plaintext-private-key", 2, 3, "k")]


SEALED = [
    "ENC[AES256_GCM,data:p673w2xk,iv:YY9aC0a1bq0=,tag:A1b2C3d4E5f6,type:str]",
    "|\n  $ANSIBLE_VAULT;1.1;AES256\n  316638306462633461386134\n  62633461386134643930",
    "ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)",
    "'{cipher}682bc583f4641835fa2db009355293665d2647dade3375c0ee201de2a49f7bda'",
    "projects/p1/secrets/db/versions/1",
    "conjur:var/db/password",
    "bao:secret/data/db#password",
    "vault:secret/data/db#password",
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-AbC123",
    "\"Deferred('vault_lookup::lookup', ['secret/db'])\"",
    "|\n  -----BEGIN PGP MESSAGE-----\n\n  hQEMA7yAcYCK21XbAQf=\n  -----END PGP MESSAGE-----",
    "overridewith_hiera",
]


@pytest.mark.parametrize("value", SEALED)
@pytest.mark.parametrize("key", ["db::password", "a::pepper", "b::cred", "c::old"])
def test_what_another_tool_keeps_is_no_secret_in_clear_text(key: str, value: str) -> None:
    """Whatever brings a rule to look: the name, another file, lookup_options, or the last commit."""
    options = "lookup_options: {b::cred: {convert_to: Sensitive}}\n"
    assert told(f"{key}: {value}\n", f"a::pepper: {ANY}\n", options, old=f"c::old: {ANY}\n") == []


@pytest.mark.parametrize(
    "value", ["ENC(geheim7x)", "conjured", "Vault:geheim7x", "arn-geheim7x", "'{cipher}x'", "Deferred7x"]
)
def test_what_only_resembles_another_tools_values_is_reported(value: str) -> None:
    assert told(f"db::password: {value}\n") == [("plaintext-key-name", 1, 15, "db::password")]


CERTIFICATE = "-----BEGIN CERTIFICATE-----\n  MIIBeQYJKoZIhvcNAQcD\n  -----END CERTIFICATE-----"


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        ("10.0.0.0/8, 127.0.0.0/8 [::1]/128", False),
        ("192.0.2.7", False),
        ("ldap://ldap.example.com:389", False),
        ("/etc/ssl/private/key.pem", False),
        (f"|\n  {CERTIFICATE}\n  {CERTIFICATE}", False),
        ("|\n  -----BEGIN DH PARAMETERS-----\n  MIIBCAKCAQEA\n  -----END DH PARAMETERS-----", False),
        (f"|\n  {CERTIFICATE}\n  Kirschkuchen9", True),
        ("12345678", True),
        ("deadbeef", True),
        ("https://hooks.example.com/T0AB1/xyz", True),
        ("/Kirschkuchen9", True),
        ("devpepper", True),
    ],
)
def test_a_form_that_cannot_be_a_secret_is_none_though_its_key_is_encrypted_elsewhere(
    value: str, is_told: bool
) -> None:
    rules = [rule for rule, *_ in told(f"a::pepper: {value}\n", f"a::pepper: {ANY}\n")]
    assert rules == (["plaintext-encrypted-elsewhere"] if is_told else [])


@pytest.mark.parametrize(
    ("body", "is_told"),
    [
        ("hunter2", False),
        ("overridewith_private_key", False),
        ("overridewithhierakey", False),
        ("MIGHAgEAMBMGByqGSM49", True),
        ("Proc-Type: 4,ENCRYPTED\n\n  MIGHAgEAMBMGByqGSM49", True),
    ],
)
@pytest.mark.parametrize("kind", ["PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"])
def test_a_frame_around_what_cannot_be_a_key_is_none(kind: str, body: str, is_told: bool) -> None:
    text = f"k: |\n  -----BEGIN {kind}-----\n  {body}\n  -----END {kind}-----\n"
    assert [rule for rule, *_ in told(text)] == (["plaintext-private-key"] if is_told else [])


@pytest.mark.parametrize(
    "text",
    [
        "demo::password: Kirschkuchen9\n",
        "demo::bundle: |\n  -----BEGIN PRIVATE KEY-----\n  MIGHAgEAMBMGByqGSM49\n  -----END PRIVATE KEY-----\n",
        "demo::bot: xoxb-000000000000-FAKEfixtureFAKEfixture00\n",
        "demo::dsn: postgres://app:Zimtstern12@db1.example.com/app\n",
        "demo::env: [DB_PASSWORD=Kirschkuchen9]\n",
        "demo::pepper: dev\n",
        "demo::cred: smtp\n",
        "demo::old: open\n",
    ],
)
def test_the_policy_may_call_a_key_harmless_for_every_rule(text: str) -> None:
    options = "lookup_options: {demo::cred: {convert_to: Sensitive}}\n"
    others = (f"demo::pepper: {ANY}\n", options)
    assert len(told(text, *others, old=f"demo::old: {ANY}\n")) == 1
    names = NamePolicy(ClearText(harmless=("demo::*",)))
    assert told(text, *others, names=names, old=f"demo::old: {ANY}\n") == []


@pytest.mark.parametrize(
    "value",
    [
        "\"%{literal('hunter2Hunter2x')}\"",
        "'%{ literal( \"hunter2Hunter2x\" ) }'",
        f"hunter2Hunter2x{ANY}",
        f"{ANY}hunter2Hunter2x",
    ],
)
def test_what_puppet_hands_out_in_clear_text_is_reported(value: str) -> None:
    assert [rule for rule, *_ in told(f"db::password: {value}\n")] == ["plaintext-key-name"]


@pytest.mark.parametrize(
    "value",
    [
        f"'https://user1:{ANY}@db01.example.com'",
        f"Bearer {ANY}",
        f"DB_PASSWORD1={ANY}",
        "\"%{literal('%')}{SERVER_NAME}\"",
        f"user-01,{ANY}",
    ],
)
def test_what_surrounds_an_encrypted_value_or_a_sign_is_not_reported(value: str) -> None:
    assert told(f"db::password: {value}\n") == []


@pytest.mark.parametrize(
    "text",
    [
        "? [password]\n: Kirschkuchen9\n",
        "? [db, password]\n: Kirschkuchen9\n",
        "? [password, db]\n: Kirschkuchen9\n",
        "[password]: Kirschkuchen9\n",
        "? {type: password}\n: Kirschkuchen9\n",
        "? [password]\n: [Kirschkuchen9]\n",
        "? [db]\n: {password: Kirschkuchen9}\n",
        "a:\n  ? - password\n  : Kirschkuchen9\n",
        "l: [{? [password] : Kirschkuchen9}]\n",
        "? [[password]]\n: Kirschkuchen9\n",
        "x: &x [password]\n? *x\n: Kirschkuchen9\n",
        "? {password: Kirschkuchen9}\n: b\n",
        "? {? [password] : Kirschkuchen9}\n: b\n",
    ],
)
def test_a_value_in_or_under_a_key_that_is_a_list_or_mapping_is_judged_by_its_words(text: str) -> None:
    assert [finding.rule for finding in found(text)] == ["plaintext-key-name"]


@pytest.mark.parametrize(
    "text", ["? [db, host]\n: Kirschkuchen9\n", "? [password]\n: {length: 12}\n", "? [password]\n:\n"]
)
def test_a_key_that_is_a_list_promises_no_more_than_its_words(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        ("ENC[PLAIN,S2lyc2Noa3VjaGVuOQ==]", False),
        ("ENC[PLAINTEXT,S2lyc2Noa3VjaGVuOQ==]", False),
        ("ENC[FOO,w7xiZXI=]", False),
        ("ENC[GKMS,S2lyc2Noa3VjaGVuOQ==]", True),
        ("ENC[FOO,hP/+AAECAwT/]", True),
        (ANY, True),
        (ANY.replace("GPG", "PGP"), True),
    ],
)
def test_what_everybody_can_read_is_not_called_encrypted_elsewhere_or_before(value: str, is_told: bool) -> None:
    text = f"app::pepper: {value}\nlist:\n- {value}\n"
    elsewhere = [finding.rule for finding in found("app::pepper: street9\n", text)]
    earlier = [finding.line for finding in found("app::pepper: street9\nlist: [street9]\n", old=text)]
    assert (elsewhere, earlier) == ((["plaintext-encrypted-elsewhere"], [1, 2]) if is_told else ([], []))
