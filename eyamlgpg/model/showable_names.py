"""Whether a recipient as written may be repeated: what names nobody may be a secret that got into the wrong file."""

import re

from eyamlgpg.model.matching import Identifier

HIDDEN = "‹hidden›"
"""Is shown in the place of what must not be."""

LONGEST_WORD = 30
MOST_CAPITALS = 3
MOST_SIGNS = 3
_WORD = re.compile(r"[^\W\d_]++(?:[-_.'’][^\W\d_]++|[-_.][0-9]{1,4}+(?![^\W_]))*\.?")
_ADDRESS = re.compile(r"<?[\w.+-]{1,64}+@[\w-]{1,63}+(?:\.[\w-]{1,63}+)*>?")


def is_plausible(name: str) -> bool:
    """Whether a text is a fingerprint, a key ID, an address, a name of words, or a name with an address.

    A word has letters alone, with a hyphen or a dot between them, and perhaps a number behind such a sign: `prod-2`.
    """
    if (
        (len(name) <= MOST_SIGNS and not any(map(str.isalnum, name)))
        or not name.strip()
        or Identifier.read(name) is not None
    ):
        return True
    words = name.split()
    return all(
        _ADDRESS.fullmatch(word) is not None if "@" in word else _is_word(word.strip("(),\"'")) for word in words
    )


def _is_word(word: str) -> bool:
    number = word.removeprefix("#")
    if number.isdigit():
        return len(number) <= len("2024")
    parts = re.split(r"[-_.]", word)
    is_written_so = all(len(part) <= LONGEST_WORD and _capitals(part) <= MOST_CAPITALS for part in parts)
    return not word or (is_written_so and _WORD.fullmatch(word) is not None)


def _capitals(part: str) -> int:
    """How many capitals a word has, where not all of its letters are: base64 has many, `McDonald` has two."""
    return 0 if part.isupper() else sum(map(str.isupper, part))
