"""The lines above an edit buffer that explain its markers; ours to write, and ours alone to take off."""

PREAMBLE = """\
# | eyamlgpg: these lines at the top are taken off again when you save.
# |
# |  DEC(1)::GPG[secret]!  a value: change the secret, keep the number.
# |                        What you do not change keeps its ciphertext.
# |  DEC::GPG[secret]!     a new value, without a number. It may span lines,
# |                        and stand as a block below "key: >".
# |
# | Inside a secret, ]! and DEC::GPG[ are shown with a backslash:
# | ]\\! and DEC\\::GPG[
"""


def preamble_for(text: str, *, binary: int, left_alone: int) -> str:
    """The preamble of a file, with its line ends, and a line for each kind of value that stays as it is."""
    lines = PREAMBLE
    if binary:
        what = "value is binary and stays" if binary == 1 else "values are binary and stay"
        lines += f"# | {binary} {what} encrypted here; `eyamlgpg get FILE KEY` gives the bytes.\n"
    if left_alone:
        what = "value is PKCS7 and stays as it is" if left_alone == 1 else "values are PKCS7 and stay as they are"
        lines += f"# | {left_alone} {what}.\n"
    first = text.find("\n")
    return lines.replace("\n", "\r\n") if first > 0 and text[first - 1] == "\r" else lines


def without_preamble(saved: str, preamble: str) -> tuple[str, int]:
    """The text below our own preamble, and how many lines that was; lines that we did not write stay."""
    ours = [line.rstrip("\r") for line in preamble.split("\n") if line]
    position, skipped = 0, 0
    while ours:
        end = saved.find("\n", position)
        line = saved[position:] if end < 0 else saved[position:end]
        if not line.startswith("# |") or line.rstrip("\r") not in ours:
            break
        ours.remove(line.rstrip("\r"))
        skipped += 1
        position = len(saved) if end < 0 else end + 1
    return saved[position:], skipped
