"""The machines of `edit` and `recrypt` once more, fewer steps, with real gpg in the place of the fakes."""

from collections.abc import Callable
from pathlib import Path

from hypothesis.stateful import run_state_machine_as_test

from tests.support.edit_rules import EditRules
from tests.support.gnupg_world import GnupgWorld
from tests.support.machines import budget
from tests.support.recrypt_rules import RecryptRules


def test_both_do_what_the_model_says(home: Callable[[str], Path], environ: dict[str, str]) -> None:
    class WithGnupg(EditRules, RecryptRules):
        def new_world(self) -> GnupgWorld:
            return GnupgWorld(home, environ)

    run_state_machine_as_test(WithGnupg, settings=budget(4, 8))
