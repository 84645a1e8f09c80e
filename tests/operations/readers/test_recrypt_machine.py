"""A tree whose lists, keys and files change at random, against a model of what each value is and who reads it."""

from hypothesis.stateful import run_state_machine_as_test

from tests.support.edit_rules import EditRules
from tests.support.machines import budget
from tests.support.recrypt_rules import KeyRules, RecryptRules


class Everything(EditRules, RecryptRules, KeyRules):
    """Both, with keys that change."""


def test_recrypt_does_what_the_model_says() -> None:
    run_state_machine_as_test(Everything, settings=budget(30, 20))
