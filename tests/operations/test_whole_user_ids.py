"""What a line may mean is decided before anything is cut off it: a stronger name never becomes a weaker one."""

import pytest

from eyamlgpg.formats.eyaml.recipients_edits import Pinned, pin
from eyamlgpg.formats.eyaml.recipients_file import parse, parse_option
from eyamlgpg.model.recipients import Recipient, Refusal, Refused, Resolved
from tests.support.keys import key, resolve_all

OLD = key("Puppet <puppet-old@example.com>")
SECOND = key("Puppet #2 <puppet2@example.com>")
JOHN = key("Doe, John <john@example.com>")
JANE = key("Doe <jane@example.com>")
ODD = key("puppet-old@example.com # of Bob <bob@example.com>")
PAIR = key("puppet-old@example.com,john@example.com")
RING = (OLD, SECOND, JOHN, JANE, ODD, PAIR)


def meant(recipient: Recipient, *absent: object) -> str | None:
    """The user ID of the key that a recipient means, None where nobody is."""
    [found] = resolve_all([recipient], [one for one in RING if one not in absent])
    if isinstance(found, Resolved):
        return found.key.user_id
    assert isinstance(found, Refused)
    return None


@pytest.mark.parametrize(
    ("line", "there", "absent"),
    [
        (SECOND.user_id, SECOND, None),
        (f"{SECOND.user_id}\r", SECOND, None),
        ("Puppet #2", SECOND, None),
        ("=Puppet #2 <puppet2@example.com>", SECOND, None),
        ("Puppet\t# the old one", None, None),
        ("Doe, John <john@example.com>", JOHN, None),
        ("Doe, John <john@example.com> # the boss", JOHN, JOHN),
        (ODD.user_id, ODD, OLD),
        (PAIR.user_id, PAIR, OLD),
        (f"{OLD.fingerprint} # Puppet <puppet-old@example.com>", OLD, OLD),
        ("puppet-old@example.com # Puppet", OLD, OLD),
        ("\ufeffpuppet-old@example.com", OLD, OLD),
        (f"\ufeff{SECOND.user_id}", SECOND, None),
        ("\ufeffPuppet", None, None),
        ("\ufeffDoe", None, None),
    ],
)
def test_a_line_means_its_whole_self_or_nobody_else(line: str, there: object, absent: object) -> None:
    """The second key is off the keyring then; `absent` is who is left to be meant, None for nobody."""
    recipients = parse(f"{line}\n", "team").recipients
    assert {meant(one) for one in recipients} == {getattr(there, "user_id", None)}
    if absent is None:
        assert {meant(one, there) for one in recipients} == {None}


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ("Doe, John <john@example.com>", [JOHN.user_id]),
        (PAIR.user_id, [PAIR.user_id, PAIR.user_id]),
        ("puppet-old@example.com, jane@example.com", [OLD.user_id, JANE.user_id]),
        ("Puppet #2 <puppet2@example.com>", [SECOND.user_id]),
    ],
)
def test_a_list_may_be_one_user_id(listed: str, expected: list[str]) -> None:
    assert [meant(one) for one in parse_option(listed, "--gpg-recipients")] == expected
    if len(expected) == 1:
        gone = next(one for one in RING if one.user_id == expected[0])
        assert [meant(one, gone) for one in parse_option(listed, "--gpg-recipients")] == [None]


def test_who_is_refused_is_told_where_comments_stand() -> None:
    [recipient] = parse("Puppet # the old one\n", "team").recipients
    [found] = resolve_all([recipient], RING)
    assert isinstance(found, Refused)
    assert (found.reason, found.error.hints[0]) == (
        Refusal.UNKNOWN,
        "a comment stands on a line of its own, above the name",
    )


def test_a_pin_writes_no_comment_out_of_a_part_of_a_user_id() -> None:
    text = f"{ODD.user_id}\n"
    [recipient] = parse(text, "team").recipients
    pinned = pin(text, {recipient: Pinned(ODD.fingerprint, ODD.user_id)})
    assert pinned == f"# {ODD.user_id}\n{ODD.fingerprint}\n"
