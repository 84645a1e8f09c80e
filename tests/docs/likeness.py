"""Whether a run printed what the page shows: the same text, but for what differs from run to run.

Fingerprints, key IDs and commit IDs stand for those of the run: the first time that a page shows one, the run's own is
learned; from then on it must be the same one, in outputs and in commands. Keys of fixtures/keys are always themselves.
"""

import json
import re
from dataclasses import dataclass, field
from functools import cache

from tests.support.keyrings import FIXTURES

VARIES = re.compile(
    r"(?P<value>ENC\[GPG,[^\]]*\])"
    r"|(?P<moment>\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d))"
    r"|(?P<date>\b20\d\d-\d\d-\d\d\b)"
    r"|(?P<seconds>\b\d+(?:\.\d+)? m?s\b)"
    r"|(?P<gnupg>\b2\.[2-9]\.\d+\b)"
    r"|(?P<spaced>\b[0-9A-F]{4}(?: {1,2}[0-9A-F]{4}){9}\b)"
    r"|(?P<id>\b[0-9A-F]{40}\b|\b[0-9A-F]{16}\b)"
    r"|(?P<commit>\b(?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{7,40}\b)"
    r"|(?P<lines>^…\n)"
    r"|(?P<rest>…)",
    re.MULTILINE,
)
CIPHERTEXT = re.compile(r"ENC\[GPG,\s*(\w{4,6})[^\]]*\]")
RUNS = {
    "value": r"ENC\[GPG,[^\]]+\]",
    "moment": r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)",
    "date": r"20\d\d-\d\d-\d\d",
    "seconds": r"\d+(?:\.\d+)? m?s",
    "gnupg": r"2\.[2-9]\.\d+",
    "lines": r"(?:[^\n]*\n)*?",
    "rest": r"[^\n]*?",
}


@cache
def fixed() -> frozenset[str]:
    """Fingerprints and key IDs of fixtures/keys."""
    facts = json.loads((FIXTURES / "keyrings.json").read_text())["keys"].values()
    prints = {fact["fingerprint"] for fact in facts}
    subkeys = {key_id for fact in facts for key_id in fact["encryption_subkeys"]}
    return frozenset(prints | {one[-16:] for one in prints} | subkeys)


@dataclass
class Names:
    """What the IDs of a page are in this run."""

    known: dict[str, str] = field(default_factory=dict)

    def in_command(self, text: str) -> str:
        """The command with the run's own IDs."""
        return VARIES.sub(lambda found: self._known(found.group()) or found.group(), text)

    def agree(self, shown: str, printed: str) -> bool:
        """Whether the run printed what the page shows; learns the IDs."""
        groups: dict[str, str] = {}
        match = re.fullmatch(self._pattern(f"{shown}\n", groups), f"{printed}\n")
        if not match:
            return False
        learned: dict[str, str] = {}
        for text, group in groups.items():
            if learned.setdefault(text.replace(" ", ""), real := match.group(group).replace(" ", "")) != real:
                return False  # one ID of the page is two in the run
        values = [*learned.values(), *self.known.values()]
        if len(set(values)) < len(values) or fixed() & set(learned.values()):
            return False  # two IDs of the page are one in the run, or a key of fixtures/keys has another ID
        self.known |= learned
        return True

    def on_the_page(self, printed: str) -> str:
        """A run's output as a page may show it: with the page's IDs, and ciphertexts cut."""
        backwards = Names({run: shown for shown, run in self.known.items()})
        return CIPHERTEXT.sub(r"ENC[GPG,\1…]", backwards.in_command(printed))

    def _pattern(self, shown: str, groups: dict[str, str]) -> str:
        made, end = "", 0
        for found in VARIES.finditer(shown):
            made += re.escape(shown[end : found.start()]) + self._varying(found, groups)
            end = found.end()
        return made + re.escape(shown[end:])

    def _varying(self, found: re.Match[str], groups: dict[str, str]) -> str:
        kind, text = str(found.lastgroup), found.group()
        if kind not in {"id", "spaced", "commit"}:
            return RUNS[kind]
        if known := self._known(text):
            return re.escape(known)
        if text in groups:
            return f"(?P={groups[text]})"
        groups[text] = f"n{len(groups)}"
        digits = {"commit": "[0-9a-f]{7,40}", "spaced": "[0-9A-F ]{49,50}"}.get(kind, f"[0-9A-F]{{{len(text)}}}")
        return f"(?P<{groups[text]}>{digits})"

    def _known(self, text: str) -> str | None:
        """The run's ID for that of a page, in the same form."""
        bare = text.replace(" ", "")
        if bare in fixed():
            return text
        if bare not in self.known and len(bare) == 16:
            return {shown[-16:]: run[-16:] for shown, run in self.known.items() if len(shown) == 40}.get(bare)
        if bare == text or bare not in self.known:
            return self.known.get(bare)
        digits = iter(self.known[bare])
        return "".join(sign if sign == " " else next(digits) for sign in text)
