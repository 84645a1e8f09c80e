"""Commands that stand as lists: what an item hands over is told by the items before it."""

import pytest

from eyamlgpg.rules.knowledge.tree import Knowledge
from eyamlgpg.rules.plaintext import order as clear_text
from eyamlgpg.rules.reading.subject import Subject
from tests.support.messages import ANY


def told(items: str) -> list[tuple[object, ...]]:
    findings = clear_text.find(Subject.read("a.yaml", f"command: [{items}]\n"), Knowledge())
    return [(finding.rule, finding.key) for finding in findings]


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ("server, --db-password, kirschkuchen", 2),
        ("server, --admin.password, 'kirsch|kuchen;9'", 2),
        ("server, -v, --db-password, 'kX(29 fjwQ!'", 3),
        ("--token, kirschkuchen", 1),
        ("curl, -u, 'admin:kirschkuchen'", 2),
        ("/usr/bin/curl, -s, -f, --user, 'admin:kirschkuchen', 'https://h'", 4),
        ("mysql, -u, root, -pkirschkuchen", 3),
        ("redis-server, --requirepass, kirschkuchen", 2),
        ("redis-cli, -a, kirschkuchen", 2),
        ("sshpass, -p, kirschkuchen, ssh", 2),
        ("docker, login, -u, app, -p, kirschkuchen", 5),
        (f"server, --user, '{ANY}', --token, kirschkuchen", 4),
    ],
)
def test_the_item_that_holds_the_secret_is_reported(items: str, place: int) -> None:
    assert told(items) == [("plaintext-assignment", f"command.{place}")]


@pytest.mark.parametrize(
    "items",
    [
        *("server, --password-file, /run/x", "server, --password, /run/x", "docker, run, -u, 'www-data:www-data'"),
        *("--token, --verbose", "--token, $(TOKEN)", "mysql, -p, mysql", "server, --token-ttl, 24h0m0s"),
        *("build, --secret, 'id=npmrc,src=/root/.npmrc'", "service, --secret, app_db_v2", f"--password, '{ANY}'"),
        *("--password, \"%{lookup('x')}\"", "password, kirschkuchen", "--user, kirschkuchen", "--password, ''"),
    ],
)
def test_an_item_that_is_no_secret_is_left_alone(items: str) -> None:
    assert told(items) == []


def test_an_option_at_the_end_of_one_list_says_nothing_of_another() -> None:
    text = "a: [x, --password]\nb: [y, z, kirschkuchen]\nc: --password\nd: kirschkuchen\n"
    assert list(clear_text.find(Subject.read("a.yaml", text), Knowledge())) == []


def test_an_item_without_an_end_is_not_looked_at() -> None:
    assert told(f"server, --password, '{'a b' * 200}'") == []
