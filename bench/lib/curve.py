# SPDX-License-Identifier: BSD-2-Clause
"""Draws the growth curves as SVG, readable on light and on dark."""

import math

from report import number

WIDTH, HEIGHT = 680, 400
LEFT, RIGHT, TOP, BOTTOM = 64, 140, 56, 56
LABEL = 38  # height of a curve's label
STYLE = """
    text { font: 13px system-ui, sans-serif; fill: #52514e; }
    .title { font-size: 15px; font-weight: 600; fill: #0b0b0b; }
    .grid { stroke: #e1e0d9; }
    .axis { stroke: #898781; }
    .back { fill: #fcfcfb; }
    .curve { fill: none; stroke-width: 2; }
    .a { stroke: #2a78d6; } .dot.a { fill: #2a78d6; }
    .b { stroke: #eb6834; } .dot.b { fill: #eb6834; }
    .dot { stroke: none; }
    @media (prefers-color-scheme: dark) {
        text { fill: #c3c2b7; }
        .title { fill: #ffffff; }
        .grid { stroke: #2c2c2a; }
        .axis { stroke: #898781; }
        .back { fill: #1a1a19; }
        .a { stroke: #3987e5; } .dot.a { fill: #3987e5; }
        .b { stroke: #d95926; } .dot.b { fill: #d95926; }
    }
"""


def text(x, y, words, anchor="start", kind=""):
    more = f' class="{kind}"' if kind else ""
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>'
            f"{words}</text>")


class Chart:
    """Logarithmic across, linear from zero upwards."""

    def __init__(self, xs, top):
        self.xs = xs
        step = 10 ** math.floor(math.log10(top))
        self.step = step if top / step > 2 else step / 4
        self.top = math.ceil(top * 1.05 / self.step) * self.step

    def x(self, value):
        span = math.log(self.xs[-1] / self.xs[0])
        return LEFT + (WIDTH - LEFT - RIGHT) \
            * math.log(value / self.xs[0]) / span

    def y(self, value):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top

    def frame(self):
        right = WIDTH - RIGHT
        for i in range(round(self.top / self.step) + 1):
            value = i * self.step
            y = self.y(value)
            kind = "grid" if i else "axis"
            yield (f'<line class="{kind}" x1="{LEFT}" x2="{right}" '
                   f'y1="{y:.1f}" y2="{y:.1f}"/>')
            yield text(LEFT - 8, y + 4, number(int(value)), "end")
        for value in self.xs:
            yield text(self.x(value), HEIGHT - BOTTOM + 20, str(value),
                       "middle")
        yield text((LEFT + right) / 2, HEIGHT - 12, "clients", "middle")

    def curve(self, points, kind):
        places = [(self.x(x), self.y(y)) for x, y in points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline class="curve {kind}" points="{path}"/>'
        for (x, y), (count, value) in zip(places, points):
            yield (f'<circle class="dot {kind}" cx="{x:.1f}" cy="{y:.1f}" '
                   f'r="4"><title>{count} clients: {number(value)}</title>'
                   "</circle>")

    def labels(self, ends):
        """Two lines at the end of each curve; ends: [(last value, lines)].
        From the lowest upwards, so that they do not touch."""
        floor = HEIGHT
        for value, lines in sorted(ends):
            floor = min(self.y(value), floor - LABEL)
            for i, line in enumerate(lines):
                yield text(WIDTH - RIGHT + 12, floor + 4 + 16 * i, line)


def draw(curves, exponents, title):
    """`curves`: {name: {x: y}}; `exponents`: {name: number}."""
    xs = sorted(next(iter(curves.values())))
    chart = Chart(xs, max(max(c.values()) for c in curves.values()))
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} '
        f'{HEIGHT}" role="img">', "<!-- SPDX-License-Identifier: "
        "BSD-2-Clause; drawn by `./pride bench` -->",
        f"<title>{title}</title>", f"<style>{STYLE}</style>",
        f'<rect class="back" width="{WIDTH}" height="{HEIGHT}"/>',
        text(16, 28, title, kind="title"), *chart.frame()]
    ends = []
    for kind, (name, curve) in zip("ab", curves.items()):
        lines += chart.curve(sorted(curve.items()), kind)
        ends.append((curve[xs[-1]],
                     (name, f"exponent {exponents[name]:.3f}")))
    lines += chart.labels(ends)
    return "\n".join([*lines, "</svg>", ""])
