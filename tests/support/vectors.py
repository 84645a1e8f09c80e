"""Reads the scenario files of fixtures/vectors; their format is told in the README there."""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "vectors"


@dataclass(frozen=True)
class Vector:
    """One scenario: its name, what is expected (in order, names may repeat), and the input byte for byte."""

    name: str
    expected: tuple[tuple[str, str], ...]
    content: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.expected if key == name]


def vectors(kind: str) -> list[Vector]:
    """The scenarios of one folder, by name; an empty folder would be a test that cannot fail."""
    found = [_read(path) for path in sorted((FOLDER / kind).glob("*.txt"))]
    assert found, f"no vectors in {kind}"
    return found


def _read(path: Path) -> Vector:
    head, line, content = path.read_bytes().partition(b"---\n")
    assert line, f"{path} has no line ---"
    pairs = [text.partition(": ") for text in head.decode().splitlines() if not text.startswith("#")]
    return Vector(path.stem, tuple((name, value) for name, _, value in pairs), content)
