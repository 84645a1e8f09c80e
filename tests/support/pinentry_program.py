"""A pinentry without eyes (the Assuan protocol, as pinentry's manual has it): answers from a file, and counts.

Called as `pinentry_program.py ANSWERS LOG`. ANSWERS holds one answer a line, `cancel`, `say WORDS` or
`fail CODE WORDS`, the last one again and again; LOG gets a line for each question, `GETPIN DESCRIPTION`, and one for
each option that the agent sent.
"""

import sys
from pathlib import Path
from urllib.parse import unquote


def answer_of(answers: Path, asked: int) -> str:
    lines = answers.read_text().splitlines()
    return lines[min(asked, len(lines) - 1)]


def main(answers: Path, log: Path) -> None:
    description = ""
    say("OK ready")
    for line in sys.stdin:
        word, _, rest = line.rstrip("\n").partition(" ")
        match word:
            case "SETDESC":
                description = unquote(rest).replace("\n", " ")
            case "OPTION":
                note(log, f"OPTION {rest}")
            case "GETPIN":
                answer = answer_of(answers, questions(log))
                note(log, f"GETPIN {description}")
                if answer == "cancel":
                    say("ERR 83886179 Operation cancelled <Pinentry>")
                    continue
                if answer.startswith("fail "):
                    say(f"ERR {answer.removeprefix('fail ')}")
                    continue
                say(f"D {answer.removeprefix('say ')}")
        say("OK")
        if word == "BYE":
            return


def questions(log: Path) -> int:
    return sum(line.startswith("GETPIN") for line in log.read_text().splitlines()) if log.exists() else 0


def note(log: Path, line: str) -> None:
    with log.open("a") as file:
        file.write(f"{line}\n")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
