# SPDX-License-Identifier: BSD-2-Clause
"""Who may include whom.

The first rule whose directory matches decides.  What a rule lists are beginnings of
the included path; `.` is the file's own directory and below.  System headers are
those of C and of libraries; where a directory may have only some, they are listed.
"""

import re

import source

FREESTANDING = ("assert.h", "float.h", "limits.h", "stdalign.h", "stdarg.h",
                "stdatomic.h", "stdbool.h", "stddef.h", "stdint.h",
                "stdnoreturn.h")
SDK = ("microkit.h", "pride.h", "pride/", "sel4/", "kernel/gen_config.h",
       "abi/err.h", "abi/syscall.h")
# Headers of third-party libraries that services build on.
LIBRARIES = ("lwip/", "netif/", "arch/", "http_parser.h")

# directory, what may be included of ours, host libraries allowed
RULES = (
    ("abi/", ("abi/",), False),
    ("base/", ("base/",), False),
    ("kernel/core/", ("abi/", "base/", "kernel/core/", "arch_types.h"), False),
    ("kernel/arch/fake/",
     ("abi/", "base/", "kernel/core/", "arch_types.h", "."), True),
    ("kernel/arch/",
     ("abi/", "base/", "kernel/core/", "kernel/arch/common/",
      "arch_types.h", "."), False),
    ("loader/", ("abi/", "base/", "loader/", "arch_types.h"), False),
    ("sdk/tool/", ("abi/", "base/", "sdk/tool/", "sddf/"), True),
    ("sdk/arch/", ("abi/", "base/", ".", "sdk/monitor/", *SDK), False),
    ("sdk/", ("abi/", "base/", ".", "sdk/libmicrokit/", *SDK), False),
    ("sddf/", ("base/", *SDK, "sddf/", "os/sddf.h", "."), False),
    ("lions/", ("base/", *SDK, "sddf/", "os/sddf.h", "lions/", *LIBRARIES), True),
    ("systems/", ("base/", *SDK, "sddf/", "os/sddf.h", "lions/", *LIBRARIES, "."),
     True),
)
# A class describes itself to the tool: it sees the protocol that its components
# see, and the language of descriptions.  Nothing else there sees the tool.
CLASS = re.compile(r"(sddf|lions)/\w+/class\.c$")
CLASS_RULE = ("class.c", ("sdk/tool/class.h", "sddf/", "lions/", "base/"), False)
# An architecture may include these of the core: the interface and two more.
CORE_HEADERS_FOR_ARCH = 3
# Layouts that the host tool shares with the target (docs/decisions.md): those of
# the framework, none of a class.
TOOL_LAYOUTS = re.compile(r"sddf/(resources/(common|device)|util/stats)\.h$")


def included(name):
    """(line, path, quoted) of every #include."""
    code = source.text(name) or ""
    for number, line in enumerate(code.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(2), match.group(1) == '"'


def is_ours(path, quoted):
    """Does the path name something of this tree (or generated from it)?"""
    if quoted:
        return True
    tops = ("abi/", "base/", "kernel/", "sdk/", "sddf/", "lions/", "tests/",
             "bench/", "systems/", "loader/", "os/")
    return path.startswith(tops + SDK)


def real_path(path, name):
    """Where an include leads, or None when nowhere in the tree."""
    directory = name.rsplit("/", 1)[0]
    for place in ("", "sddf/include/", "lions/include/", "sdk/include/"):
        if (source.TOP / (place + path)).is_file():
            return place + path
    if (source.TOP / directory / path).is_file():
        return directory + "/" + path
    return None


def driver_of(path):
    match = re.match(r"sddf/drivers/(\w+/\w+)/", path or "")
    return match.group(1) if match else None


def check_one(name, rule):
    """Complaints about one file."""
    directory, allowed, host = rule
    own = name.rsplit("/", 1)[0] + "/"
    for line, path, quoted in included(name):
        where = f"{name}:{line}"
        if not is_ours(path, quoted):
            if not host and path not in FREESTANDING \
                    and not path.startswith(allowed):
                yield f"{where}: {directory} may not include <{path}>"
            continue
        target = real_path(path, name)
        if path.startswith(("tests/", "bench/", "systems/")) \
                and not path.startswith(own):
            yield f"{where}: nothing includes {path.split('/')[0]}"
            continue
        if "." in allowed and target and target.startswith(own):
            continue
        if not path.startswith(tuple(a for a in allowed if a != ".")):
            yield f"{where}: {directory} may not include {path}"
        elif driver_of(name) and driver_of(target) \
                and driver_of(name) != driver_of(target):
            yield f"{where}: drivers do not include each other"
        elif directory == "sdk/tool/" and path.startswith("sddf/") \
                and not TOOL_LAYOUTS.search(path):
            yield f"{where}: the tool may include only layouts of sddf"


def quotes(name):
    """Include paths in quotes are real paths from the top."""
    for line, path, quoted in included(name):
        places = ("", "lions/include/", "sddf/include/")
        if quoted and not path.startswith(LIBRARIES) and not any((source.TOP / (p + path)).is_file()
                              for p in places) and path != "arch_types.h" and "asm_offsets" not in path:
            yield f"{name}:{line}: \"{path}\" is no path from the top"


def arch_interface():
    """Which headers of the core an architecture includes."""
    for arch in sorted((source.TOP / "kernel/arch").glob("*/")):
        if arch.name == "fake":
            continue
        used = set()
        prefix = f"kernel/arch/{arch.name}/"
        for name in source.c_files(("kernel",)):
            if name.startswith(prefix):
                used |= {p for _, p, _ in included(name)
                         if p.startswith("kernel/core/")}
        if len(used) > CORE_HEADERS_FOR_ARCH:
            yield (f"{prefix}: includes {len(used)} headers of the core: "
                   + " ".join(sorted(used)))


def check():
    """All complaints."""
    tops = source.PRODUCT + ("systems",)
    for name in source.c_files(tops):
        rule = CLASS_RULE if CLASS.match(name) else next(
            (r for r in RULES if name.startswith(r[0])), None)
        if rule:
            yield from check_one(name, rule)
        yield from quotes(name)
    yield from arch_interface()
