"""Whether a word looks like a password: asked where its surroundings say little, as in a line of prose."""

import re

SHORTEST = 6
LONGEST = 200

_LETTER = re.compile(r"[A-Za-z]")
_NO_LETTER = re.compile(r"[0-9!#$%&*+=?@^~]")
_PUNCTUATION = ".,:;!?)"

_ORDINARY = re.compile(
    r"[a-z]++(?:[0-9]{1,3}+[a-z]*+)?(?:[-_./][a-z]*+(?:[0-9]{1,3}+[a-z]*+)?)+"  # app-db-2, system_auth, k8s_main
    r"|[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2,4}|html|yaml|json|[0-9]+)(?::[0-9]+)?"  # a host, a file, a version
    r"|\*\w+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|[\w.-]+:[0-9]+"  # an address, a host with a port
    r"|(?i:sha|md|aes|rsa|ed|des|x|tls|ssl|utf|iso|http|scram|hmac|bcrypt|argon|base|ntlm|ipv)[-_v]?[0-9].*"
    r"|[0-9.,]+[A-Za-z]{0,7}|[0-9]+/\w+"  # 30days, 512MB, 464/tcp
)
"""Names, addresses, algorithms and quantities, which have digits, too."""


def looks_like_password(word: str) -> bool:
    """Whether one word has letters and something else, and is not of a form that other settings have."""
    bare = word.rstrip(_PUNCTUATION)
    return (
        SHORTEST <= len(bare) <= LONGEST
        and _LETTER.search(bare) is not None
        and _NO_LETTER.search(bare) is not None
        and not any(character.isspace() for character in bare)
        and _ORDINARY.fullmatch(bare) is None
    )


def is_prose(text: str) -> bool:
    """Whether a text is several words without anything that only a password has: `must have 12 characters`."""
    words = text.split()
    return len(words) > 1 and all(_is_word(word.strip(_PUNCTUATION + "(\"'")) for word in words)


def _is_word(text: str) -> bool:
    """Letters, or digits, or nothing but punctuation."""
    return text.replace("-", "").replace("'", "").isalpha() or text.isdigit() or not any(map(str.isalnum, text))
