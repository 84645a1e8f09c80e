"""Opening many values with each kind of key, against a gpg for each; the agent's processor time is in all numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import measure
from benchmarks.measure import Cost, Row, agent_seconds, environment, eyamlgpg
from benchmarks.world import People, Sealer, people, write_recipients
from eyamlgpg.formats.eyaml import tokens
from eyamlgpg.formats.eyaml.values import find_values

READERS = 3
LOOP = 60
"""Messages that a gpg each is started for; more tell no more."""
EDITED = 500


@dataclass(frozen=True)
class Kind:
    """A kind of reader."""

    name: str
    us: int
    """Whose key is ours: people have these kinds by turns."""
    values: int
    bar: float | None
    """Times the processor time of a loop of `gpg -d`."""


KINDS = (Kind("cv25519", 1, 5000, 15), Kind("RSA-2048", 0, 500, None))


@dataclass(frozen=True)
class Opening:
    """The rows of one kind of reader."""

    folder: Path
    who: People
    kind: Kind
    repeats: int
    row: Row

    def measure(self, values: int) -> None:
        """`decrypt -e` and `edit` against the loop."""
        readers, sealer = self.who.keys[:READERS], Sealer(self.who)
        messages = [sealer.seal(f"secret-{number}-".encode(), readers) for number in range(values)]
        many, few = self._file("many", messages), self._file("edited", messages[: min(EDITED, values)])
        self.loop(messages[:LOOP])  # the agent is there
        loop, decrypt, edit = list[Cost](), list[Cost](), list[Cost]()
        for _ in range(self.repeats):
            loop.append(self.loop(messages[:LOOP]))
            decrypt.append(self.cost(eyamlgpg("decrypt", "-e", str(many)), many.parent))
            edit.append(self.edit(few))
        each = median(one.processor for one in loop) / min(LOOP, values)
        took = median(one.processor for one in decrypt)
        ratio, bar = each * values / took, self.kind.bar
        seconds = median(one.seconds for one in decrypt)
        text = f"{took:.2f} s of processor, {ratio:.1f} × less than a loop of gpg -d; {seconds:.1f} s"
        what = f"decrypt -e of {values:,} values, reader with {self.kind.name}"
        is_whole = bar is not None and values == self.kind.values
        self.row(what, text, f">= {bar:g} ×" if is_whole else "", met=ratio >= bar if bar and is_whole else None)
        took, count = median(one.processor for one in edit), min(EDITED, values)
        text = f"1 changed, {took:.2f} s of processor, {each * count / took:.1f} × less than a loop of gpg -d; "
        text += f"{median(one.seconds for one in edit):.1f} s"
        self.row(f"edit with one changed value of {count}, reader with {self.kind.name}", text, "", met=None)

    def edit(self, path: Path) -> Cost:
        """One value changed in an editor; the others keep their ciphertexts."""
        before = _base64(path)
        cost = self.cost(eyamlgpg("edit", str(path)), path.parent, {"EDITOR": "sed -i s/secret-25-/changed-/"})
        if sum(one != other for one, other in zip(before, _base64(path), strict=True)) > 1:
            raise SystemExit("edit encrypted more than what was changed")
        path.write_text(path.with_suffix(".as-it-was").read_text())
        return cost

    def loop(self, messages: Sequence[bytes]) -> Cost:
        """A gpg for each message, one after another."""
        root = self.folder / "loop"
        root.mkdir(exist_ok=True)
        for number, message in enumerate(messages):
            (root / f"{number}.gpg").write_bytes(message)
        return self.cost(["sh", "-c", "for f in *.gpg; do gpg -q --batch -d $f > $f.out || exit 1; done"], root)

    def cost(self, words: Sequence[str], folder: Path, more: Mapping[str, str] = {}) -> Cost:
        """Of one run, with the agent's processor time."""
        before = agent_seconds(self.who.home)
        cost = measure.run(words, folder, {**environment(self.who.home), **more})
        if cost.status:
            raise SystemExit(f"{words[:4]} ended with {cost.status}: {cost.stderr}")
        processor = cost.processor + agent_seconds(self.who.home) - before
        return Cost(cost.seconds, processor, cost.peak_kib, "", cost.stderr, cost.status)

    def _file(self, name: str, messages: Sequence[bytes]) -> Path:
        root = self.folder / name
        write_recipients(root, self.who.keys[:READERS])
        lines = (f"k{number}: {tokens.render(one, layout=None)}\n" for number, one in enumerate(messages))
        path = root / "all.eyaml"
        path.write_text("".join(lines))
        path.with_suffix(".as-it-was").write_text(path.read_text())
        return path


def _base64(path: Path) -> list[str]:
    return [value.token.base64 for value in find_values(path.read_text(), with_paths=False).values]


def measure_all(folder: Path, who: People, repeats: int, row: Row, *, quick: bool) -> None:
    """The rows of both kinds; `who`: people of whom the first, with RSA, is us."""
    for kind in KINDS:
        part = folder / f"opening-{kind.name}"
        part.mkdir()
        values = kind.values // 10 if quick else kind.values
        if kind.us == 0:
            Opening(part, who, kind, repeats, row).measure(values)
            continue
        with people(READERS, kind.us) as others:
            Opening(part, others, kind, repeats, row).measure(values)
