"""Which algorithms are too weak for secrets that must stay so for years."""

import re

from eyamlgpg.model.keys import Key

LEAST_BITS = 2048
"""For RSA, DSA and Elgamal: what RFC 9580 (12.4) and NIST SP 800-57 hold for the least."""

_BITS = re.compile(r"(rsa|dsa|elg)([0-9]+)")


def weak_algorithms(key: Key) -> tuple[str, ...]:
    """The algorithms of a key's live-looking parts that are too weak, each once: `rsa1024`; none for a good key.

    A subkey that only signs or authenticates protects no value and is left out.
    """
    parts = [key.primary, *(subkey for subkey in key.subkeys if subkey.can("e") and subkey.validity.value not in "re")]
    return tuple(dict.fromkeys(part.algorithm for part in parts if _is_weak(part.algorithm)))


def _is_weak(algorithm: str) -> bool:
    found = _BITS.fullmatch(algorithm)
    return found is not None and int(found[2]) < LEAST_BITS
