"""Random work in the editor, against a model of what each value is and who reads it."""

from hypothesis.stateful import run_state_machine_as_test

from tests.support.edit_rules import EditRules
from tests.support.machines import budget


def test_edit_does_what_the_model_says() -> None:
    run_state_machine_as_test(EditRules, settings=budget(25, 15))
