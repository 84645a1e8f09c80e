"""A finding is known by its key, and by a short digest of what must not be shown of it."""

import time
from dataclasses import replace

from eyamlgpg.model import identity
from eyamlgpg.model.findings import Finding, Severity

FINDING = Finding("plaintext-key-name", Severity.ERROR, "a.yaml", 1, 1, "a.‹hidden›.b", "in clear", None, "a.Kirsch.b")


def test_a_key_that_may_be_shown_is_its_own_identity() -> None:
    assert identity.key_of(replace(FINDING, key="a.b", about=None)) == "a.b"
    assert identity.key_of(replace(FINDING, key=None, about=None)) is None


def test_a_hidden_key_is_known_by_a_digest_of_24_bits_that_depends_on_the_file() -> None:
    first, other = identity.key_of(FINDING), identity.key_of(replace(FINDING, path="b.yaml"))
    assert first is not None
    assert first.startswith("a.‹hidden ")
    assert first.endswith("›.b")
    assert len(first) == len("a.‹hidden ›.b") + 6
    assert first != other
    assert not identity.is_undetermined(first)
    assert identity.is_undetermined(FINDING.key)


def test_a_guess_takes_time() -> None:
    began = time.process_time()
    for number in range(20):
        identity.key_of(replace(FINDING, about=f"{number}"))
    assert time.process_time() - began > 0.02


def test_nothing_that_prints_a_finding_prints_what_it_is_about() -> None:
    assert "Kirsch" not in repr(FINDING)
