"""Secrets that are told by their form alone: tokens that the detectors do not know, and passwords in URLs."""

import re
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eyamlgpg.detectors.token_forms import DETECTORS, SIGNS, has_credentials, provider

EXPRESSIONS = [
    (module, expression)
    for module, name in DETECTORS.items()
    for expression in getattr(import_module(f"detect_secrets.plugins.{module}"), name)().denylist
]


@pytest.mark.parametrize(("module", "expression"), EXPRESSIONS, ids=lambda one: getattr(one, "pattern", one))
def test_what_detect_secrets_finds_bears_the_sign_for_which_it_is_asked(
    module: str, expression: re.Pattern[str]
) -> None:
    """Whatever version of it is installed: a form without the sign would be missed."""

    @settings(max_examples=60, database=None, deadline=None)
    @given(st.from_regex(expression))
    def bears(text: str) -> None:
        assert re.search(SIGNS[module], text)

    bears()


def test_every_detector_has_a_sign() -> None:
    assert set(SIGNS) == set(DETECTORS)


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("github_pat_" + "1" * 22 + "_" + "x" * 59, "GitHub Token"),
        ("npm_" + "x" * 36, "NPM tokens"),
        ("xapp-1-A" + "0" * 9 + "-" + "1" * 13 + "-" + "0" * 64, "Slack Token"),
        ("hvs." + "x" * 24, "HashiCorp Vault Token"),
        ("glsa_" + "x" * 32 + "_" + "0" * 8, "Grafana Token"),
        ("AIza" + "x" * 35, "Google API Key"),
        ("dop_v1_" + "0" * 64, "DigitalOcean Token"),
        ("AGE-SECRET-KEY-1" + "Q" * 58, "age Secret Key"),
    ],
)
def test_a_younger_token_is_told_whatever_stands_around_it(token: str, form: str) -> None:
    assert [provider(text) for text in (token, f"TOKEN={token}", f"a: '{token}', b")] == [form] * 3
    assert provider(f"x{token}") is None


@pytest.mark.parametrize("text", ["npm_config_registry_of_the_whole_company", "hvs.example.com", "AIzawa is a name"])
def test_a_name_that_begins_like_one_is_none(text: str) -> None:
    assert provider(text) is None


@pytest.mark.parametrize("password", ["$Kirsch9kuchen", "$ecret2024", "kirschkuchen"])
def test_a_password_in_a_url_may_begin_with_a_dollar(password: str) -> None:
    assert has_credentials(f"postgres://app:{password}@db1/app")


@pytest.mark.parametrize("password", ["$PW", "$DB_PASSWORD2", "$db_password", "${db.password}", "password", "#{pw}"])
def test_a_variable_in_a_url_is_no_password(password: str) -> None:
    assert not has_credentials(f"postgres://app:{password}@db1/app")
