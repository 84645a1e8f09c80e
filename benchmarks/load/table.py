"""The table of docs/performance.md, and its place on that page."""

from pathlib import Path

from benchmarks.load.measured import Cost, Load

PAGE = Path(__file__).resolve().parents[2] / "docs/performance.md"
BEGIN = "<!-- load: written by `python -m benchmarks.load --write` -->"
END = "<!-- load: end -->"


def table(load: Load) -> str:
    """A row a command and a column a tree; the last column tells how the two largest trees differ."""
    sizes = [cost.values for cost in load.curves[0].costs]
    trees = zip(sizes, load.files, load.megabytes, strict=True)
    heads = [f"{values:,} values, {files:,} files, {size:,} MB" for values, files, size in trees]
    lines = [
        f"| command | {' | '.join(heads)} | {sizes[-1] // sizes[-2]} times the values |",
        f"| --- |{' --- |' * (len(heads) + 1)}",
    ]
    for curve in load.curves:
        time, memory = curve.growth()
        cells = [*map(_cell, curve.costs), f"{time:.1f} × the time, {memory:.1f} × the memory"]
        lines.append(f"| `{curve.command}` | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(cost: Cost) -> str:
    return f"{_seconds(cost.seconds)} ({_seconds(cost.processor)}), {cost.mib:,.0f} MiB"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 99.95 else f"{seconds:.0f} s"


def block(load: Load) -> str:
    """What stands on the page between the two comments, with them."""
    return f"{BEGIN}\n\n{load.machine}:\n\n{table(load)}\n\n{END}"


def onto_page(page: str, load: Load) -> str:
    """The page with this run's table; ValueError where it has no place for it."""
    before, _, rest = page.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"no {BEGIN} … {END}")
    return f"{before}{block(load)}{after}"
