"""An editor that follows a script: `corpus_editor.py SESSIONS LOG FILE`.

SESSIONS is a JSON list with a list of steps for each time that the editor is opened, the last one again and again.
LOG is a folder, in which the file's path, mode and content are left, and `missed` if a step changed nothing.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

PREAMBLE = "# |"


def main(sessions: Path, log: Path, file: Path) -> int:
    opened = len(list(log.glob("shown.*")))
    text = file.read_bytes().decode("utf-8", "surrogateescape")
    (log / f"shown.{opened}").write_bytes(file.read_bytes())
    (log / f"mode.{opened}").write_text(f"{file.stat().st_mode & 0o777:o} {file.parent.stat().st_mode & 0o777:o}")
    (log / f"path.{opened}").write_text(str(file))
    script: list[list[list[Any]]] = json.loads(sessions.read_text())
    for step, *arguments in script[min(opened, len(script) - 1)]:
        match step:
            case "exit":
                return int(arguments[0])
            case "unlink":
                file.unlink()
                return 0
        changed = apply(text, step, arguments)
        if changed == text and step != "strip_preamble":
            (log / "missed").write_text(json.dumps([step, *arguments]))
        text = changed
        file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return 0


def apply(text: str, step: str, arguments: list[str]) -> str:
    match step:
        case "sub":
            return re.sub(arguments[0], arguments[1], text, count=1, flags=re.MULTILINE | re.DOTALL)
        case "replace":
            old, new = arguments
            return text.replace(old, new)
        case "append":
            return text + arguments[0]
        case "write":
            return arguments[0]
        case "crlf":
            return text.replace("\n", "\r\n")
        case "chop":
            return text.removesuffix("\n")
    lines = text.splitlines(keepends=True)
    head = next((at for at, line in enumerate(lines) if not line.startswith(PREAMBLE)), len(lines))
    match step:
        case "strip_preamble":
            return "".join(lines[head:])
        case "prepend_body":
            return "".join([*lines[:head], f"{arguments[0]}\n", *lines[head:]])
    raise ValueError(step)


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
