# SPDX-License-Identifier: BSD-2-Clause
"""What was measured, as Markdown: the generated places of the documents."""

import json
import os
import re

import rows

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


def cell(results, key):
    """The figure of a row, or that it was not run; empty when there is none."""
    if key is None:
        return ""
    if key in results.figures:
        return number(results.figures[key])
    return "not run"


def recorded(row, source):
    return number(row[source]) if source in row else ""


def about_block(results):
    """What was measured with; a line per group when they differ."""
    texts = {}
    for name, group in results.groups.items():
        v = group["versions"]
        text = (f"commit {v['commit']}; {v['compiler']}; {v['linker']}; "
                f"QEMU {v['qemu']}")
        texts.setdefault(text, []).append(name)
    for text, names in texts.items():
        which = "Measured" if len(texts) == 1 else ", ".join(names)
        yield f"{which}: {text}."
    if results.linux:
        yield f"Linux: {results.linux}."


def headline_block(results):
    """The rows that say most."""
    yield from header(["guest instructions", "Pride", "Linux, measured",
                       "seL4, recorded"])
    for row in rows.OURS:
        if "headline" in row:
            yield line([row["headline"], cell(results, row["key"]),
                        cell(results, row.get("linux")),
                        recorded(row, "sel4")])


def section_table(section, results):
    """All rows of a section that count instructions."""
    yield from header(["row", "Pride", "Linux, measured", "Linux, recorded",
                       "seL4, recorded", "seL4, best recorded"])
    for row in section["rows"]:
        yield line([f"`{row['key']}`", cell(results, row["key"]),
                    cell(results, row.get("linux")),
                    *(recorded(row, source) for source in rows.RECORDED)])


def rows_block(results):
    """Every row, by section; and what was not run."""
    for section in rows.SECTIONS:
        if "ratio" not in section:
            yield f"**{section['title']}**"
            yield ""
            yield from section_table(section, results)
            yield ""
    yield from not_run_block(results)


def measured_block(results):
    """What has been measured now, of all sections in one table."""
    yield from header(["row", "Pride", "Linux, measured", "Linux, recorded",
                       "seL4, recorded", "seL4, best recorded"])
    for row in (row for section in rows.SECTIONS if "ratio" not in section
                for row in section["rows"]):
        keys = [key for key in (row["key"], row.get("linux")) if key]
        if any(key in results.figures or key in results.not_run
               for key in keys):
            yield line([row["key"], *(measured(results, key) for key in
                                      (row["key"], row.get("linux"))),
                        *(recorded(row, source) for source in rows.RECORDED)])
    for row in rows.DATA["linux_only"]:
        if row["key"] in results.figures:
            yield line([row["key"], "", cell(results, row["key"]), "", "", ""])


def measured(results, key):
    """As cell(), but empty when its group was not asked for."""
    known = key in results.figures or key in results.not_run
    return cell(results, key) if known else ""


def not_run_block(results):
    """What has no figure, by its reason."""
    by_reason = {}
    for key, why in results.not_run.items():
        by_reason.setdefault(why, []).append(key)
    for why, keys in by_reason.items():
        yield f"NOT RUN, {len(keys)}: {', '.join(keys)}: {why}"
        yield ""
    if not by_reason:
        yield "Every row was measured."


def linux_only(results):
    for row in rows.DATA["linux_only"]:
        yield f"`{row['key']}`: {row['what']}: " \
            f"{cell(results, row['key'])}."


def wall_block(results):
    """How much longer Linux takes: on the clock, and by instructions."""
    yield from header(["row", "instructions", "shortest times",
                       "median of turns", "least", "most", "turns"])
    for section in rows.SECTIONS:
        for row in section["rows"] if "ratio" in section else ():
            yield wall_line(row, results)


def wall_line(row, results):
    counted = row["key"].removeprefix("wall_")
    ours, linux = (results.figures.get(key)
                   for key in (counted, "linux_" + counted))
    ratio = f"{linux / ours:.1f}" if ours and linux else ""
    found = results.tables.get("wall", {}).get(row["key"])
    if found is None:
        return line([f"`{counted}`", ratio, "not run", "", "", "", ""])
    return line([f"`{counted}`", ratio, *(f"{found[key]:.2f}" for key in (
        "best", "median", "least", "most")), str(found["turns"])])


def definitions_block(_results):
    """What each row counts, and what is aimed at."""
    for section in rows.SECTIONS:
        yield f"**{section['title']}**"
        yield ""
        yield "| row | group | what it counts | aim |"
        yield "|---|---|---|---:|"
        for row in section["rows"]:
            aim = number(row["aim"]) if "aim" in row else ""
            yield line([f"`{row['key']}`", row["group"], row["what"], aim])
        yield ""
    for row in rows.DATA["linux_only"]:
        yield f"`{row['key']}`: {row['what']}."
    yield ""
    for source, title in (("sel4", "seL4, recorded"),
                          ("sel4_best", "seL4, best recorded"),
                          ("linux_recorded", "Linux, recorded")):
        yield f"* {title}: {rows.DATA[source]}."


def mechanisms_block(_results):
    """What each mechanism brought, as its commit recorded it."""
    path = os.path.join(os.path.dirname(rows.PATH), "mechanisms.json")
    with open(path, encoding="utf-8") as file:
        found = json.load(file)
    yield "| mechanism | row | before | after |"
    yield "|---|---|---:|---:|"
    for one in found:
        yield line([one["mechanism"], f"`{one['row']}`",
                    number(one["before"]), number(one["after"])])


def spread_block(results):
    """How rounds of one row differ."""
    yield from header(["row", "total / total", "least", "median", "most",
                       "rounds", "operations"])
    for name, row in results.spread.items():
        yield line([f"`{name}`", *(number(row[key]) for key in (
            "total", "least", "median", "most", "rounds", "packets"))])


def commands_block(results):
    """Rows that one command makes together, and the command."""
    for group, found in results.groups.items():
        together = {}
        for name, row in found["commands"].items():
            key = (row["command"], row["generator"])
            together.setdefault(key, []).append(name)
        if not together:
            continue
        yield f"`./pride bench {group}`"
        yield ""
        for (command, generator), names in together.items():
            yield f"* {', '.join(names)}"
            yield f"  * `{command}`"
            yield f"  * generator: {generator}"
        yield ""


def kinds_block(results):
    """A row per operation."""
    yield from header(["row", *(name for name, _ in COLUMNS)])
    for name, row in results.tables.get("detail", {}).items():
        yield line([f"`{name}`", *(number(value(row)) for _, value in COLUMNS)])


def payload_block(results):
    """Bytes moved per byte of payload, by the rows that have a payload."""
    yield from header(["row", "loaded", "stored"])
    for name, row in results.tables.get("detail", {}).items():
        found = re.search(r"_echo_(\d+)_", name)
        if found:
            size = int(found.group(1))
            yield line([f"`{name}`", number(row["load_bytes"] / size),
                        number(row["store_bytes"] / size)])


def growth_block(results):
    """A column per number of clients."""
    curves = results.tables.get("growth")
    if curves is None:
        yield "Not run."
        return
    counts = sorted(map(int, next(iter(curves.values()))))
    yield from header(["in flight \\ clients", *map(str, counts),
                       "exponent"])
    for window, curve in curves.items():
        yield line([window, *(number(curve[str(count)]) for count in counts),
                    number(results.figures[f"growth_exponent_w{window}"])])


PROGRAM_ROWS = ("udp_echo_64_w1", "udp_echo_1472_w1", "udp_echo_64_w32",
                "udp_echo_1472_w32")


def programs_block(results):
    """Instructions per packet by program."""
    profile = results.tables.get("profile", {})
    columns = [row for row in PROGRAM_ROWS if row in profile]
    yield from header(["program", *(f"`{row}`" for row in columns)])
    totals = {}
    for row in columns:
        for program, functions in profile[row].items():
            totals.setdefault(program, {})[row] = sum(functions.values())
    for program in sorted(totals, key=lambda p: -sum(totals[p].values())):
        cells = [totals[program].get(row, 0) for row in columns]
        if max(cells) >= 1:
            yield line([program, *(number(round(value)) for value in cells)])


FUNCTIONS = 8  # per program


def profile_block(results):
    """Instructions per packet by program, and its largest functions."""
    for row, by_program in results.tables.get("profile", {}).items():
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


# By name in the documents.
BLOCKS = {
    "about": about_block, "headline": headline_block, "rows": rows_block,
    "linux-only": linux_only, "measured": measured_block,
    "wall": wall_block, "growth": growth_block,
    "programs": programs_block, "mechanisms": mechanisms_block,
    "definitions": definitions_block, "rounds": spread_block,
    "kinds": kinds_block, "payload": payload_block, "profile": profile_block,
    "commands": commands_block,
}
