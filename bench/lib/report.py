# SPDX-License-Identifier: BSD-2-Clause
"""What was measured, as Markdown: docs/performance.md can hold it as it is."""

import re

# of a row of detail.py: heading, value
COLUMNS = (
    ("instructions", lambda r: r["kernel"] + r["user"]),
    ("kernel's", lambda r: r["kernel"]),
    ("users'", lambda r: r["user"]),
    ("entries", lambda r: r["crossings"] + r["sleeps"]),
    ("switches", lambda r: r["switches"]),
    ("TLBI", lambda r: r["tlbi"]),
    ("DMB", lambda r: r["dmb"]),
    ("DSB, ISB", lambda r: r["dsb"] + r["isb"]),
    ("cache", lambda r: r["cache"]),
    ("MRS", lambda r: r["mrs"]),
    ("MSR", lambda r: r["msr"]),
    ("MMIO", lambda r: r["mmio"]),
    ("loaded", lambda r: r["load_bytes"]),
    ("stored", lambda r: r["store_bytes"]),
    ("I lines", lambda r: r["ilines"]),
    ("D lines", lambda r: r["dlines"]),
)


def number(value):
    """Thousands apart; small ones with as many digits as they deserve."""
    if isinstance(value, float):
        digits = 0 if value >= 100 else 1 if value >= 10 else \
            2 if value >= 1 else 3
        value = round(value, digits) if digits else round(value)
    return f"{value:,}".replace(",", " ").removesuffix(".0")


def line(cells):
    return "| " + " | ".join(cells) + " |"


def header(cells):
    yield line(cells)
    yield "|---" + "|---:" * (len(cells) - 1) + "|"


def beside(key, figures, recorded, counterparts):
    """Linux's figure: measured in this run, or recorded."""
    other = counterparts.get(key)
    if other in figures:
        return number(figures[other])
    old = recorded["linux"].get(key)
    return "" if old is None else number(old) + " (recorded)"


def main_table(figures, recorded, counterparts):
    """Our rows, and beside them the others'."""
    def cell(source, key):
        value = recorded[source].get(key)
        return "" if value is None else number(value)

    yield from header(["key", "Pride", "seL4", "seL4, best variant", "Linux"])
    for key, value in figures.items():
        if key.startswith("linux_") or isinstance(value, (dict, str)):
            continue
        yield line([key, number(value), cell("sel4", key),
                    cell("sel4_best", key),
                    beside(key, figures, recorded, counterparts)])


def linux_table(figures):
    """All that was measured of Linux."""
    yield from header(["key", "Linux, measured now"])
    for key, value in figures.items():
        if key.startswith("linux_") and not isinstance(value, dict):
            yield line([key, number(value)])


def spread_table(rows):
    """How rounds of one row differ."""
    yield from header(["row", "total / total", "least", "median", "most",
                       "rounds", "packets"])
    for name, row in rows.items():
        yield line([name, *(number(row[key]) for key in (
            "total", "least", "median", "most", "rounds", "packets"))])


def commands_list(noted):
    """Rows that one command makes together, and the command."""
    for group, rows in noted.items():
        together = {}
        for name, row in rows.items():
            key = (row["command"], row["generator"])
            together.setdefault(key, []).append(name)
        yield f"`./pride bench {group}`"
        yield ""
        for (command, generator), names in together.items():
            yield f"* {', '.join(names)}"
            yield f"  * `{command}`"
            yield f"  * generator: {generator}"
        yield ""


def detail_table(rows):
    """A row per operation."""
    yield from header(["row", *(name for name, _ in COLUMNS)])
    for name, row in rows.items():
        yield line([name, *(number(value(row)) for _, value in COLUMNS)])


def payload_table(rows):
    """Bytes moved per byte of payload, by the rows that have a payload."""
    yield from header(["row", "loaded", "stored"])
    for name, row in rows.items():
        found = re.search(r"_echo_(\d+)_", name)
        if found:
            size = int(found.group(1))
            yield line([name, number(row["load_bytes"] / size),
                        number(row["store_bytes"] / size)])


def growth_table(curves):
    """A column per number of clients."""
    counts = sorted(next(iter(curves.values())))
    yield from header(["in flight", *map(str, counts)])
    for window, curve in curves.items():
        yield line([str(window), *(number(curve[count])
                                   for count in counts)])


FUNCTIONS = 8  # per program


def profile_table(profile):
    """Instructions per packet by program, and its largest functions."""
    for row, by_program in profile.items():
        yield f"`{row}`:"
        yield ""
        yield "| program | instructions | of which |"
        yield "|---|---:|---|"
        totals = {name: sum(f.values()) for name, f in by_program.items()}
        for name in sorted(totals, key=totals.get, reverse=True):
            if totals[name] < 1:
                continue
            functions = by_program[name]
            top = sorted(functions, key=functions.get, reverse=True)
            text = ", ".join(f"{f} {functions[f]:.0f}"
                             for f in top[:FUNCTIONS] if functions[f] >= 1)
            yield f"| {name} | {totals[name]:.0f} | {text} |"
        yield ""
