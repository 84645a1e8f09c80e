"""Lists of byte strings come through a pipe as they went in, or not at all."""

import os
import threading
from io import FileIO, RawIOBase

import pytest

from eyamlgpg.gpg.recrypting import frames


def pipe() -> tuple[RawIOBase, RawIOBase]:
    reading, writing = os.pipe()
    return FileIO(reading, "rb"), FileIO(writing, "wb")


@pytest.mark.parametrize("parts", [[], [b""], [b"a", b"", b"\0" * 300], [b"x" * 1_000_000, b"y"]])
def test_a_list_comes_back(parts: list[bytes]) -> None:
    reading, writing = pipe()
    sender = threading.Thread(target=frames.write, args=(writing, parts))
    sender.start()
    with reading, writing:
        assert frames.read(reading) == parts
        sender.join()


def test_lists_do_not_run_into_each_other() -> None:
    reading, writing = pipe()
    with reading:
        with writing:
            frames.write(writing, [b"one", b"two"])
            frames.write(writing, [b"three"])
        assert [frames.read(reading) for _ in range(3)] == [[b"one", b"two"], [b"three"], None]


def test_a_list_that_was_cut_short_is_none() -> None:
    whole_from, whole_to = pipe()
    with whole_from, whole_to:
        frames.write(whole_to, [b"one", b"two"])
        whole = whole_from.read(100)
    assert whole
    for length in range(len(whole)):
        reading, writing = pipe()
        with reading:
            with writing:
                writing.write(whole[:length])
            assert frames.read(reading) is None
