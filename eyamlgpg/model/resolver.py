"""The recipients of a run against its keyring: listed, indexed and judged by the same terms once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import cached_property

from eyamlgpg.model.access import KeyIndex
from eyamlgpg.model.claimed_names import CertifiedNames
from eyamlgpg.model.keys import Key
from eyamlgpg.model.matching import KeyNames
from eyamlgpg.model.recipients import Recipient, Resolution
from eyamlgpg.model.resolve import Terms, resolution


class Resolver:
    """Recipients to keys: one keyring, one moment, one word on validity. The keyring is asked when first needed."""

    def __init__(
        self,
        listed: Callable[[], Sequence[Key]],
        now: datetime,
        *,
        always_trust: bool = False,
        keys_in: str | None = None,
    ) -> None:
        """`keys_in` is the folder of the tree that the keys come from; None for the user's own keyring.

        `always_trust` takes keys that nobody certified; it never helps an expired or revoked one.
        """
        self._listed = listed
        self.now = now
        self.keys_in = keys_in
        self._terms = Terms(now, always_trust)

    def resolve(self, recipients: Iterable[Recipient]) -> tuple[Resolution, ...]:
        """Every recipient with its key or its refusal, in order."""
        return tuple(resolution(recipient, self.names, self._terms) for recipient in recipients)

    @cached_property
    def keys(self) -> Sequence[Key]:
        """The keyring, as it was when first asked for."""
        return self._listed()

    @cached_property
    def names(self) -> KeyNames:
        """The names that the keys have."""
        return KeyNames(self.keys)

    @cached_property
    def index(self) -> KeyIndex:
        """The owners of key IDs."""
        return KeyIndex(self.keys)

    @cached_property
    def certified(self) -> CertifiedNames:
        """The names that are certified for a key."""
        return CertifiedNames(self.keys)
