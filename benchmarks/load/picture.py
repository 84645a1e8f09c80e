"""The curves as one SVG for light and dark pages: time and memory against the number of values, both axes by powers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from benchmarks.load.measured import Cost, Curve, Load
from benchmarks.load.scales import Scale, apart, ticks

DRAWN = Path(__file__).resolve().parents[2] / "docs/assets/load-in-both-schemes.svg"

WIDTH, HEIGHT = 760, 372
"""Of one panel."""
LEFT, RIGHT, TOP, BOTTOM = 62, 552, 46, 316
"""The edges of its plot."""
GAP = 19
"""Between the labels."""

LIGHT = ("#00796b", "#b7791f", "#1d4ed8", "#b91c1c", "#6d28d9", "#4d7c0f", "#be185d", "#7c2d12", "#52606d")
DARK = ("#4db6ac", "#e0b25a", "#7ea6ff", "#f87171", "#b794f6", "#a3c954", "#f48fb1", "#d7a98c", "#a9b4c0")


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the two plots."""

    title: str
    of: Callable[[Cost], float]
    top: float
    """Of the panel in the picture."""
    guide: str = ""
    """What is said of a dashed line that rises as the number of values does; no line where it is empty."""


PANELS = (
    Panel("processor seconds", lambda cost: cost.processor, 0, "dashed: ten times the values, ten times the seconds"),
    Panel("peak memory in MiB", lambda cost: cost.mib, HEIGHT),
)


def draw(load: Load) -> str:
    """The picture of a run."""
    end = load.curves[0].costs[-1].values
    told = (
        f"{curve.command}: {curve.costs[-1].processor:.1f} s, {curve.costs[-1].mib:.0f} MiB" for curve in load.curves
    )
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" id="only-dark" viewBox="0 0 {WIDTH} {HEIGHT * len(PANELS)}"',
        '  role="img" aria-labelledby="title what">',
        '  <title id="title">Time and memory of each command on growing trees</title>',
        f'  <desc id="what">With {end:,} values: {escape("; ".join(told))}.</desc>',
        *_style(len(load.curves)),
        f'  <rect class="card" width="{WIDTH}" height="{HEIGHT * len(PANELS)}" rx="10"/>',
    ]
    for panel in PANELS:
        lines += [f'  <g transform="translate(0 {panel.top})">', *_panel(panel, load.curves), "  </g>"]
    return "\n".join([*lines, "</svg>", ""])


def _style(count: int) -> list[str]:
    def colours(palette: Sequence[str]) -> str:
        return "; ".join(f"--c{at}: {palette[at % len(palette)]}" for at in range(count))

    return [
        "  <style>",
        f"    svg {{ --ink: #1f2933; --soft: #52606d; --card: #ffffff; --grid: #e4e7eb; {colours(LIGHT)} }}",
        f"    svg:target {{ --ink: #e4e7eb; --soft: #a9b4c0; --card: #1f2329; --grid: #39414a; {colours(DARK)} }}",
        "    text { font: 13px system-ui, sans-serif; fill: var(--soft) }",
        "    .title { font-size: 15px; font-weight: 600; fill: var(--ink) }",
        "    .x { text-anchor: middle }",
        "    .y { text-anchor: end }",
        "    .name { font-family: ui-monospace, monospace; stroke: none }",
        "    .card { fill: var(--card) }",
        "    .grid { stroke: var(--grid); fill: none }",
        "    .curve { fill: none; stroke-width: 2; stroke-linejoin: round }",
        "    .guide { stroke: var(--soft); stroke-dasharray: 6 5; fill: none }",
        "    .leader { fill: none; stroke-width: 1; stroke-dasharray: 2 3 }",
        *(
            f"    .c{at} {{ stroke: var(--c{at}) }} .c{at} circle, .c{at} text {{ fill: var(--c{at}) }}"
            for at in range(count)
        ),
        "  </style>",
    ]


def _panel(panel: Panel, curves: Sequence[Curve]) -> list[str]:
    sizes = [cost.values for cost in curves[0].costs]
    heights = [panel.of(cost) for curve in curves for cost in curve.costs]
    marks = ticks(min(heights), max(heights))
    across = Scale(sizes[0], sizes[-1], LEFT, RIGHT)
    upwards = Scale(marks[0], marks[-1], BOTTOM, TOP)
    lines = [f'    <text class="title" x="{LEFT}" y="{TOP - 18}">{panel.title}</text>']
    for mark in marks:
        y = upwards.at(mark)
        lines.append(f'    <path class="grid" d="M{LEFT} {y:.1f} H{RIGHT}"/>')
        lines.append(f'    <text class="y" x="{LEFT - 8}" y="{y + 4.5:.1f}">{mark:,g}</text>')
    for size in sizes:
        x = across.at(size)
        lines.append(f'    <path class="grid" d="M{x:.1f} {TOP} V{BOTTOM}"/>')
        lines.append(f'    <text class="x" x="{x:.1f}" y="{BOTTOM + 20}">{size:,}</text>')
    lines.append(f'    <text class="x" x="{(LEFT + RIGHT) / 2:g}" y="{BOTTOM + 42}">values in the tree</text>')
    if panel.guide:
        lines += _guide(panel.guide, across, upwards)
    ends = [upwards.at(panel.of(curve.costs[-1])) for curve in curves]
    for at, (curve, end, label) in enumerate(zip(curves, ends, apart(ends, GAP, BOTTOM), strict=True)):
        points = [(across.at(cost.values), upwards.at(panel.of(cost))) for cost in curve.costs]
        lines += [
            f'    <g class="c{at}">',
            f'      <polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>',
            *(f'      <circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points),
            f'      <path class="leader" d="M{RIGHT + 5} {end:.1f} L{RIGHT + 20} {label:.1f}"/>',
            f'      <text class="name" x="{RIGHT + 24}" y="{label + 4.5:.1f}">{escape(curve.command)}</text>',
            "    </g>",
        ]
    return lines


def _guide(said: str, across: Scale, upwards: Scale) -> list[str]:
    """From the lower left corner to the right edge, or to the upper one."""
    growth = min(across.high / across.low, upwards.high / upwards.low)
    x, y = across.at(across.low * growth), upwards.at(upwards.low * growth)
    return [
        f'    <path class="guide" d="M{LEFT} {BOTTOM} L{x:.1f} {y:.1f}"/>',
        f'    <text class="y" x="{WIDTH - 12}" y="{TOP - 18}">{escape(said)}</text>',
    ]
