"""Messages of the past found again and opened, a bounded number at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from eyamlgpg.operations.ports import Decrypter
from eyamlgpg.operations.readers.past_values import PastMessage, tokens_by_digest
from eyamlgpg.operations.readers.plaintexts import Plaintexts

_TOGETHER = 200
"""Messages that are opened in one go."""


def open_wanted(
    wanted: Sequence[PastMessage],
    contents: Callable[[Iterable[str]], Iterator[tuple[str, bytes | None]]],
    decrypter: Decrypter,
    texts: Plaintexts,
    failures: dict[str, int],
) -> None:
    """Open what is wanted, a bounded number at a time; of each plaintext only a keyed hash is kept."""
    by_object: dict[str, list[PastMessage]] = {}
    for message in wanted:
        by_object.setdefault(message.object_id, []).append(message)
    for batch in _batches(_found_again(by_object, contents)):
        results = decrypter.decrypt_many(content for _, content in batch)
        for (message, _), result in zip(batch, results, strict=True):
            if result.plaintext is not None:
                texts.learn(message, result.plaintext)
            elif result.error is not None:
                failures[result.error.sentence] = failures.get(result.error.sentence, 0) + 1


def _found_again(
    by_object: Mapping[str, Sequence[PastMessage]],
    contents: Callable[[Iterable[str]], Iterator[tuple[str, bytes | None]]],
) -> Iterator[tuple[PastMessage, bytes]]:
    for object_id, content in contents(by_object):
        left = {message.digest: message for message in by_object[object_id]}
        for digest, message in tokens_by_digest(content or b""):
            found = left.pop(digest, None)
            if found is not None:
                yield found, message


def _batches(found: Iterator[tuple[PastMessage, bytes]]) -> Iterator[list[tuple[PastMessage, bytes]]]:
    batch: list[tuple[PastMessage, bytes]] = []
    for one in found:
        batch.append(one)
        if len(batch) == _TOGETHER:
            yield batch
            batch = []
    if batch:
        yield batch
