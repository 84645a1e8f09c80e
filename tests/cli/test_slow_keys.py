"""A passphrase that makes every value slow is told once, by `recrypt` from its own first values and by `keys check`."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from eyamlgpg.cli import slow_keys
from eyamlgpg.cli.slow_keys import ASKED, MEASURED, watch_for
from eyamlgpg.formats.settings import policy
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.secret_keys import GnupgSecretKeys
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.keys import Fingerprint, Key, Protection
from eyamlgpg.model.policy import Policy
from tests.support import keyrings
from tests.support.keyrings import NewKey
from tests.support.keys import ALICE
from tests.support.tool import Person

if TYPE_CHECKING:
    from eyamlgpg.cli.world import World

SHARED = policy.parse("version: 1\nsession_keys: per-file\n", "policy.yaml")


@dataclass
class Scene:
    """A world with one own key, whose run is told of."""

    protection: Protection = Protection.PASSPHRASE
    policy: Policy | None = None
    said: list[str] = field(default_factory=list)
    clock: float = 0

    @property
    def messages(self) -> "Scene":
        return self

    def say(self, sentence: str) -> None:
        self.said.append(sentence)

    @property
    def keyring(self) -> "Scene":
        return self

    def keys(self) -> Sequence[Key]:
        return (ALICE,)

    @property
    def secret_keys(self) -> "Scene":
        return self

    def protections(self, keys: Sequence[Key]) -> dict[Fingerprint, Protection]:
        return {key.fingerprint: self.protection for key in keys}

    @property
    def tree_settings(self) -> "Scene":
        return self

    def run(self, due: int, seconds: Callable[[int], float]) -> list[str]:
        """What is said in a run over so many values; `seconds` is what each takes, counted from 1."""
        done = watch_for(cast("World", self), due, lambda: self.clock)
        for value in range(1, due + 1):
            self.clock += seconds(value)
            done(value)
        return self.said


def test_it_is_told_once_with_what_is_left() -> None:
    told = Scene().run(200, lambda _: 0.3)
    assert told[0].startswith("each value takes 0.30 s")
    assert told[0].endswith(f" s for the {200 - ASKED - MEASURED} that are left")
    assert len(told) == 3


def test_what_is_typed_at_the_beginning_does_not_count() -> None:
    assert Scene().run(200, lambda value: 30 if value <= ASKED else 0.002) == []


@pytest.mark.parametrize(
    ("scene", "due", "seconds"),
    [(Scene(), slow_keys.MANY, 0.3), (Scene(), 200, 0.01), (Scene(Protection.CLEAR), 200, 0.3)],
    ids=["few values", "quick", "no passphrase"],
)
def test_nothing_is_told_where_there_is_nothing_to_gain(scene: Scene, due: int, seconds: float) -> None:
    assert scene.run(due, lambda _: seconds) == []


def test_a_tree_that_shares_session_keys_already_is_not_told_to() -> None:
    told = Scene(policy=SHARED).run(200, lambda _: 0.3)
    assert (len(told), any("per-file" in line for line in told)) == (2, False)


def test_keys_check_tells_it_of_an_own_key_with_a_passphrase(
    fresh_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(GnupgSecretKeys, "passphrase_seconds", lambda _: 0.3)
    (tmp_path / ".git").mkdir()
    fingerprint = keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    (tmp_path / "hiera-eyaml-gpg.recipients").write_text(f"{fingerprint}\n")
    (tmp_path / "a.eyaml").write_text("".join(f"k{n}: ENC[GPG,hQEMA/Fa8EgKitVVtgEH]\n" for n in range(60)))
    person = Person(fresh_home, tmp_path)
    said = person("keys", "check")
    assert said.status == 0
    assert "gpg-agent takes 0.30 s for each private-key operation" in said.err
    assert "60 values opened one by one take 18 s" in said.err
    report = json.loads(person("keys", "check", "--format", "json").text)
    assert [one["passphrase_seconds"] for one in report["recipients"]] == [0.3]


def test_the_agent_measures_itself(fresh_home: Path, environ: dict[str, str]) -> None:
    """With the small count of the tests in a moment."""
    keyrings.make_key(fresh_home, NewKey(passphrase="right"))
    session = Session(fresh_home, environ)
    assert GnupgKeyring(session).own_key_ids()
    seconds = GnupgSecretKeys(session).passphrase_seconds()
    assert seconds is not None
    assert 0 <= seconds < 60
