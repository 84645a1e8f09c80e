"""Each rule on who can read a value, and on whom a recipients file names."""

from dataclasses import replace

from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.governed import Around, Governed
from eyamlgpg.model.keys import Key, Validity
from eyamlgpg.rules.access import no_recipients, outside
from eyamlgpg.rules.access import order as access
from eyamlgpg.rules.reading.subject import Subject
from eyamlgpg.rules.rule import adding
from tests.support.keys import ALICE, BOB, CAROL, LAST_YEAR, NOW, key, named, resolve_all, subkey
from tests.support.messages import HIDDEN, encrypted_to, token

MASTER = key("Puppetmaster <puppetmaster@example.com>")
OLD_PAUL = subkey("paul's first", created=LAST_YEAR)
PAUL = key("Paul <paul@example.com>", subkeys=(subkey("paul's second", created=NOW), OLD_PAUL))
EXPIRED = key("Earl <earl@example.com>", primary=subkey("earl", "sc", validity=Validity.EXPIRED, expires=LAST_YEAR))
RING = (ALICE, BOB, CAROL, MASTER, PAUL, EXPIRED)


def readers(*keys: Key, ring: tuple[Key, ...] = RING, around: Around | None = None) -> Governed:
    recipients = [named(one.fingerprint, line) for line, one in enumerate(keys, 1)]
    resolutions = resolve_all(recipients, ring)
    return Governed.of("team.recipients", resolutions, around or Around(KeyIndex(ring)))


def told(value: str, *wanted: Key) -> list[tuple[str, str]]:
    findings = list(access.find(Subject.read("a.eyaml", f"x: {value}\n"), readers(*wanted)))
    assert all(
        (finding.path, finding.line, finding.column, finding.key) == ("a.eyaml", 1, 4, "x") for finding in findings
    )
    return [(finding.rule, finding.message) for finding in findings]


def test_a_value_that_is_in_line_has_no_finding() -> None:
    assert told(encrypted_to(ALICE, MASTER), ALICE, MASTER) == []


def test_who_is_missing_is_named() -> None:
    message = "cannot be read by Puppetmaster <puppetmaster@example.com>, named in team.recipients"
    assert told(encrypted_to(ALICE), ALICE, MASTER) == [("access-missing", message)]


def test_who_should_not_read_is_named() -> None:
    message = "can be read by Carol Chen <carol@example.com>, not named in team.recipients"
    assert told(encrypted_to(ALICE, CAROL), ALICE) == [("access-unexpected", message)]


def test_an_older_subkey_is_stale() -> None:
    message = "is encrypted to a subkey that was replaced or has expired: Paul <paul@example.com>"
    assert told(token(OLD_PAUL.key_id), PAUL) == [("access-stale", message)]


def test_a_key_id_of_nobody_here_is_told() -> None:
    message = "can be read by a key that is not on the keyring: 0123456789ABCDEF"
    assert told(token("0123456789ABCDEF", ALICE.subkeys[0].key_id), ALICE) == [("access-unknown", message)]


def test_where_the_keys_of_the_repository_count_the_hint_says_how_to_put_one_there() -> None:
    around = Around(KeyIndex(RING), keys_in=".eyamlgpg/keys")
    subject = Subject.read("a.eyaml", f"x: {token('0123456789ABCDEF')}\n")
    [found] = [one for one in access.find(subject, readers(ALICE, around=around)) if one.rule == "access-unknown"]
    assert found.message == "can be read by a key that is not in .eyamlgpg/keys: 0123456789ABCDEF"
    assert "put its key there (eyamlgpg keys export ID)" in (found.hint or "")


def test_a_key_id_that_stands_twice_is_told() -> None:
    """A third session key may call itself Alice's, whosever it is."""
    alice = ALICE.subkeys[0].key_id
    message = f"may be read by somebody else: the key ID {alice} stands in it more than once"
    assert told(token(alice, alice), ALICE) == [("access-unexpected", message)]


def test_key_ids_that_may_be_those_of_unknown_names_are_told_with_the_list_alone() -> None:
    """An empty keyring made one error of every value."""
    stranger, other = "0123456789ABCDEF", "FEDCBA9876543210"
    for value, ring, is_told in (
        (token(stranger), (), False),
        (token(stranger, other), (), False),
        (token(stranger, ALICE.subkeys[0].key_id), (ALICE,), False),
        (token(stranger, other, ALICE.subkeys[0].key_id), (ALICE,), True),
        (token(stranger), RING, True),
    ):
        wanted = readers(ALICE, BOB, ring=ring)
        rules = {finding.rule for finding in access.find(Subject.read("a.eyaml", f"x: {value}\n"), wanted)}
        assert ("access-unknown" in rules) is is_told


def test_somebody_on_the_keyring_is_unexpected_even_if_no_name_of_the_list_is_known() -> None:
    subject = Subject.read("a.eyaml", f"x: {encrypted_to(CAROL)}\n")
    found = access.find(subject, readers(ALICE, BOB, ring=(CAROL,)))
    assert [finding.rule for finding in found] == ["access-unexpected"]


def test_hidden_readers_are_told_and_nobody_is_called_missing_who_may_be_one_of_them() -> None:
    assert [rule for rule, _ in told(HIDDEN, ALICE, MASTER)] == ["access-hidden"]


def test_a_passphrase_beside_the_recipients_is_told() -> None:
    value = token(ALICE.subkeys[0].key_id, passphrase=True)
    message = "can be read by anybody who knows a passphrase, beside the recipients"
    assert told(value, ALICE) == [("access-passphrase", message)]


def test_a_named_reader_whose_key_has_expired_is_not_called_unexpected() -> None:
    assert told(encrypted_to(ALICE, EXPIRED), ALICE, EXPIRED) == []


def test_a_message_that_cannot_be_read_is_left_to_the_rules_on_format() -> None:
    assert told("ENC[GPG,aGVsbG8gd29ybGQh]", ALICE) == []


def whole(*wanted: Key, around: Around | None = None) -> list[tuple[str, int | None, str]]:
    findings = access.find_in_recipients(readers(*wanted, around=around))
    return [(finding.rule, finding.line, finding.message) for finding in findings]


def test_two_people_and_a_puppetmaster_are_enough() -> None:
    assert whole(ALICE, BOB, MASTER) == []


def test_one_person_beside_a_puppetmaster_is_too_few() -> None:
    message = (
        "only Alice Anders (ops) <alice@example.com> can read what this file governs: if that key is lost, "
        "so is every value"
    )
    assert whole(ALICE, MASTER) == [("access-few-people", None, message)]
    assert [rule for rule, _, _ in whole(MASTER)] == ["access-few-people"]


def test_people_alone_leave_puppet_out_unless_the_policy_calls_one_a_puppetmaster() -> None:
    message = "no puppetmaster is among the readers, so Puppet cannot decrypt what this file governs"
    assert whole(ALICE, BOB) == [("access-no-puppetmaster", None, message)]
    assert whole(ALICE, BOB, CAROL, around=Around(KeyIndex(RING), frozenset({CAROL.fingerprint}))) == []


def test_where_nobody_can_be_encrypted_to_the_lines_alone_say_why() -> None:
    assert whole(EXPIRED) == []


def test_a_list_with_a_name_that_means_no_key_is_not_judged_as_a_whole() -> None:
    """That name may be the second person's, or the puppetmaster's."""
    for ring in ((ALICE,), (MASTER,), ()):
        assert list(access.find_in_recipients(readers(ALICE, MASTER, ring=ring))) == []


def test_what_helps_names_the_folder() -> None:
    hints = [finding.hint for finding in access.find_in_recipients(readers(MASTER))]
    assert hints == ["add a second person: eyamlgpg recipients add ID --at ."]
    assert adding("my data/prod/hiera-eyaml-gpg.recipients") == "eyamlgpg recipients add ID --at 'my data/prod'"


def test_a_weak_key_is_told_with_its_line() -> None:
    weak = key("Old <old@example.com>", primary=replace(subkey("old", "sc"), algorithm="rsa1024"))
    found = list(access.find_in_recipients(readers(ALICE, MASTER, weak, ring=(*RING, weak))))
    assert [(finding.rule, finding.line) for finding in found] == [("recipient-weak", 3)]
    assert found[0].message == f"{weak.fingerprint}: the key of Old <old@example.com> is weak: rsa1024"


def test_a_file_without_recipients_or_with_ones_from_outside_is_told() -> None:
    assert no_recipients.finding("a.eyaml").path == "a.eyaml"
    assert "stands outside of the repository" in outside.finding("a.eyaml", "/srv/x").message
