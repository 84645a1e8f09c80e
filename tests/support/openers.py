"""Both openers of messages, which are held to the same claims."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from eyamlgpg.errors import NoSecretKey
from eyamlgpg.gpg.keyring import GnupgKeyring
from eyamlgpg.gpg.opening.decrypter import GnupgDecrypter
from eyamlgpg.gpg.opening.direct import DirectDecrypter
from eyamlgpg.gpg.session import Session
from eyamlgpg.model.messages import Decrypted


def direct(session: Session, keyring: GnupgKeyring) -> DirectDecrypter:
    """The agent is asked as soon as gpg has opened one message."""
    return DirectDecrypter(session, GnupgDecrypter(session, keyring), after=1)


MakesOpener = Callable[[Session, GnupgKeyring], GnupgDecrypter | DirectDecrypter]

OPENERS: Mapping[str, MakesOpener] = {
    "gpg": GnupgDecrypter,
    "direct": direct,
}


@dataclass
class CountingJudge:
    """`gpg.opening.direct.Judge`: gpg, and the messages that it was given."""

    judge: GnupgDecrypter
    given: list[bytes] = field(default_factory=list)

    def decrypt(self, message: bytes) -> bytes:
        self.given.append(message)
        return self.judge.decrypt(message)

    def decrypt_many(self, messages: Iterable[bytes]) -> Iterator[Decrypted]:
        return self.judge.decrypt_many(self._counted(messages))

    def open_each(self, messages: Iterable[bytes]) -> Generator[Decrypted, None, None]:
        return self.judge.open_each(self._counted(messages))

    def foreign(self, message: bytes) -> NoSecretKey | None:
        return self.judge.foreign(message)

    def _counted(self, messages: Iterable[bytes]) -> Iterator[bytes]:
        for message in messages:
            self.given.append(message)
            yield message
