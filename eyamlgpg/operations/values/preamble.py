"""The lines above an edit buffer that explain its markers; ours to write, and ours alone to take off.

They hold no marker, so that they can stay in a text without harm, and end with a line of dashes, which no editor's
`:%s/word/…/` meets: what stands above it is the preamble, whatever became of its words.
"""

SIGN = "# |"
"""What each line of the preamble starts with, as in the gems'."""

HEAD = "# | eyamlgpg: these lines, down to the dashes, are taken off again when you save.\n# |\n"

NUMBERED = """\
# | A value is shown as       DEC(1)::GPG  and  [its text]!  behind it.
# | Change the text and keep the number. What you do not change keeps its
# | ciphertext.
"""

NEW = """\
# | A new value is written    DEC::GPG     and  [its text]!  right behind it,
# | without a number. It may span lines, and stand as a block below "key: >".
"""

ESCAPES = """\
# |
# | Inside the text, ]! and what begins like a marker have a backslash:
# | ]\\! and DEC\\::
"""

RULE = "-" * 70


def preamble_for(text: str, *, numbered: bool, binary: int, left_alone: int, kept_closed: int = 0) -> str:
    """The preamble of a file, with its line ends, and a line for each kind of value that stays as it is.

    `numbered`: whether values are shown, as markers with numbers.
    """
    lines = HEAD + (NUMBERED if numbered else "") + NEW + ESCAPES
    if binary:
        what = "value is binary and stays" if binary == 1 else "values are binary and stay"
        lines += f"# | {binary} {what} encrypted here; `eyamlgpg get FILE KEY` gives the bytes.\n"
    if left_alone:
        what = "value is" if left_alone == 1 else "values are"
        lines += f"# | {left_alone} {what} of another method than GPG, to be left as they are.\n"
    if kept_closed:
        what = "value was not asked for and stays" if kept_closed == 1 else "values were not asked for and stay"
        lines += f"# | {kept_closed} {what} encrypted.\n"
    rule = RULE
    while rule in text:
        rule += "-"
    lines += f"{SIGN}{rule}\n"
    first = text.find("\n")
    return lines.replace("\n", "\r\n") if first > 0 and text[first - 1] == "\r" else lines


def without_preamble(saved: str, preamble: str) -> tuple[str, int]:
    """The text below our own preamble, changed or not, and how many lines that was; the file's own lines stay.

    Where the line of dashes is gone, the lines at the top that are as we wrote them are taken off.
    """
    ours = [line.rstrip("\r") for line in preamble.split("\n") if line]
    if not ours:
        return saved, 0
    top = _comments(saved)
    rule = ours[-1].removeprefix(SIGN)
    ends = next((place for place, line in enumerate(top) if line.rstrip("\r").endswith(rule)), None)
    if ends is not None and (ends < len(ours) or all(line.startswith(SIGN) for line in top[:ends])):
        return _below(saved, ends + 1)
    return _below(saved, _written_by_us(top, ours))


def line_left(text: str, preamble: str) -> int | None:
    """The line of a text, from 1, on which the preamble's dashes still stand; None where they do not."""
    if not preamble:
        return None
    place = text.find(preamble.rstrip("\r\n").rpartition(SIGN)[2])
    return None if place < 0 else text.count("\n", 0, place) + 1


def _comments(saved: str) -> list[str]:
    """The comment lines at the top of a text."""
    found = []
    position = 0
    while saved.startswith("#", position):
        end = saved.find("\n", position)
        found.append(saved[position:] if end < 0 else saved[position:end])
        if end < 0:
            break
        position = end + 1
    return found


def _written_by_us(top: list[str], ours: list[str]) -> int:
    """How many of the first comment lines are lines that we wrote, in whatever order."""
    left = list(ours)
    for count, line in enumerate(top):
        if line.rstrip("\r") not in left:
            return count
        left.remove(line.rstrip("\r"))
    return len(top)


def _below(saved: str, lines: int) -> tuple[str, int]:
    position = 0
    for _ in range(lines):
        end = saved.find("\n", position)
        position = len(saved) if end < 0 else end + 1
    return saved[position:], lines
