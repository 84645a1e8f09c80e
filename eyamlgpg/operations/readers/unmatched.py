"""What to say where a filter of `who` matches nothing: there is no such thing, and what is nearest to it."""

from collections.abc import Iterable

from eyamlgpg.errors import RecipientError
from eyamlgpg.formats.yaml.key_path import KeyPath
from eyamlgpg.model.access import KeyIndex, Reader, readers
from eyamlgpg.model.keys import KeyId
from eyamlgpg.model.suggestions import did_you_mean


class Unmatched:
    """The filters of one run, and what stood there instead."""

    def __init__(self, person: str | None, key: KeyPath | None) -> None:
        self._person = person
        self._key = key
        self._paths: dict[str, None] = {}
        self._key_ids: dict[KeyId, None] = {}

    def add_paths(self, paths: Iterable[KeyPath | None]) -> None:
        """Take in where values stand."""
        self._paths |= dict.fromkeys(str(path) for path in paths if path is not None)

    def add_readers(self, key_ids: Iterable[KeyId]) -> None:
        """Take in whom values at the key are encrypted to."""
        self._key_ids |= dict.fromkeys(key_ids)

    def error(self, index: KeyIndex) -> RecipientError | None:
        """The error for filters that matched no value; None where there were none."""
        if self._key is not None and (self._person is None or not self._key_ids):
            return RecipientError(
                f"{self._key}: no encrypted value stands at this key or inside of it",
                *did_you_mean(str(self._key), self._paths),
            )
        if self._person is None:
            return None
        at_key = "" if self._key is None else f" at {self._key}"
        known = [one.key for one in readers(tuple(self._key_ids), index) if isinstance(one, Reader)]
        names = dict.fromkeys(user_id.email or user_id.text for key in known for user_id in key.user_ids)
        return RecipientError(
            f"{self._person}: can read no value{at_key} that was looked at, and should read none",
            *did_you_mean(self._person, names),
        )
