"""A program on PATH that does as told for some of its calls, and is the real one for all others."""

import os
import shutil
from pathlib import Path

from tests.surroundings.stage import Place, Situation

ANSWERS = {
    "random bytes": "head -c 3000 /dev/urandom",
    "random bytes and a status": "head -c 3000 /dev/urandom; head -c 3000 /dev/urandom >&2; exit 2",
    "nothing": "exit 0",
    "a failure without a word": "exit 2",
    "a part": '{real} "$@" | head -c 300',
    "a part of its statuses": '{real} "$@" 2>{place}/said; ended=$?; head -c 120 {place}/said >&2; exit $ended',
    "a banner": 'echo "Welcome to ACME"; exec {real} "$@"',
    "megabytes of words": 'head -c 8000000 /dev/zero | tr "\\0" x >&2; exec {real} "$@"',
    "zeros": "head -c 100000 /dev/zero",
    "the answer of an old one": "echo 'gpg (GnuPG) 1.4.23'",
    "statuses that say all is well": (
        "printf '[GNUPG:] %s\\n' DECRYPTION_OKAY PLAINTEXT 'PLAINTEXT_LENGTH x' ERROR FAILURE IMPORT_OK "
        "'IMPORT_OK x y' KEY_CREATED INV_RECP '' >&2; echo correct"
    ),
    "records that are none": (
        "printf '%s\\n' pub pub: fpr::::::::: uid:x sub:u:255:18:XYZ:abc:def::::::e fpr:::::::::ZZZ: "
        "pub:u:x:22:0123456789ABCDEF:99999999999999999999:-5::u:::scESC: sec::::: ssb: grp: '' "
        "'uid:u::::1::::\\xff\\x:'"
    ),
    "its end by a signal": "kill -9 $$",
}
"""What a program may answer in place of the truth, as a shell says it."""


def answering(place: Place, program: str, at: str, answer: str) -> Situation:
    """Surroundings in which calls of a program with a word like `at` (as `case` has it) are answered so.

    A call that was met leaves the file `met` in the place.
    """
    real = shutil.which(program)
    folder = place.folder / "bin"
    folder.mkdir()
    words = answer.format(real=real, place=place.folder) if "{" in answer else answer
    script = f'#!/bin/sh\nfor word; do case "$word" in {at}) >{place.folder}/met; {words}; exit;; esac; done\n'
    (folder / program).write_text(f'{script}exec {real} "$@"\n')
    (folder / program).chmod(0o755)
    return Situation(f"{program} {at}", environ={"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"})


def was_met(place: Place) -> bool:
    """Whether the command made such a call."""
    return Path(place.folder, "met").exists()
