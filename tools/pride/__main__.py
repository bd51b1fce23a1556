# SPDX-License-Identifier: BSD-2-Clause
"""The command line of ./pride: one function per command."""

import argparse
import os
import signal
import sys

import bench
import child
import debug
import outside
import run
import tree


GDB_COMMANDS = """\
in gdb, beside its own commands:
  pds                list the protection domains; * is the running one
  pd NAME            symbols of that domain, whoever runs
  pbreak NAME PLACE  stop when domain NAME reaches PLACE (a function, a line)

  ./pride gdb hello -- -ex 'pbreak hello init' -ex continue
"""


SYSTEM = "a name, or the path of a .system file or of its directory"


def cmd_setup(args):
    if args.sources:
        return tree.setup_sources()
    return tree.setup(args.groups or ["all"], quiet=False, upgrade=args.allow_upgrade)


def cmd_list(args):
    for system in tree.systems(args):
        print(f"{system.name:<14} {system.summary()}")
    return 0


def cmd_build(args):
    tree.setup(["build"])
    found = [tree.find(args, name) for name in args.systems]
    inside = [s for s in found or tree.systems(args) if not s.variables]
    if inside:
        tree.make(args, ["system-" + s.name for s in inside])
    for system in found or inside:
        system.build(args)
        print(system.image(args))
    return 0


def cmd_sdk(args):
    tree.setup(["build"])
    configs = [args.config] if args.config_given else tree.CONFIGS
    for config in configs:
        args.config = config
        tree.make(args, ["sdk"])
    print(os.path.join(args.build_dir, "sdk"))
    return 0


def cmd_report(args):
    tree.setup(["build"])
    system = tree.find(args, args.system)
    system.build(args)
    name = "report.json" if args.json else "report.txt"
    path = os.path.join(system.output(args), name)
    with open(path, encoding="utf-8") as file:
        sys.stdout.write(file.read())
    return 0


def described(args):
    """The description to expand, and the search path; builds what it names.  A
    file in the tree need not be a system's."""
    path = os.path.realpath(args.file)
    known = {os.path.join(tree.TOP, s.description)
             for s in tree.all_systems(args)}
    if os.path.isfile(path) and path.startswith(tree.TOP + os.sep) \
            and path not in known:
        tree.make(args, ["sdk", "bin"])
        return args.file, [tree.binaries(args), os.path.dirname(args.file) or "."]
    system = tree.find(args, args.file)
    tree.make(args, ["sdk", "inputs-" + system.name], more=system.variables)
    return os.path.join(tree.TOP, system.description), system.search(args)


def cmd_expand(args):
    tree.setup(["build"])
    path, search = described(args)
    tool = os.path.join(args.build_dir, "sdk", "bin", "microkit")
    os.environ["MICROKIT_SDK"] = os.path.abspath(
        os.path.join(args.build_dir, "sdk"))
    name = os.path.splitext(os.path.basename(path))[0]
    directory = os.path.join(args.build_dir, "expand", name)
    os.makedirs(os.path.dirname(directory), exist_ok=True)
    command = [tool, path, "--expand", directory, "--board", args.board,
               "--config", args.config, "--search-path", *search]
    # a reader that has seen enough, such as head, ends the tool quietly
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execv(tool, command)


def cmd_test(args):
    runner = os.path.join(tree.TOP, "tests", "run")
    os.environ["O"] = args.build_dir
    words = ["--list"] if args.list else args.suites
    os.execv(sys.executable, [sys.executable, "-B", runner, *words])


def cmd_clean(args):
    if args.all:
        tree.remove(args.build_dir)
        return 0
    tree.make(args, ["clean"])
    return 0


def cmd_help(args):
    about = getattr(args, "about", None)
    if about is None:
        args.parser.print_help()
    elif about in args.commands:
        args.commands[about].print_help()
    else:
        raise tree.Failure(f"unknown command '{about}'; there are: "
                           + " ".join(args.commands))
    return 0


def common(parser):
    """Options that make sense before and after the command."""
    hide = argparse.SUPPRESS
    parser.add_argument("--board", default=hide, help="board (default: "
                        + tree.BOARD + ")")
    parser.add_argument("--config", default=hide, choices=tree.CONFIGS,
                        help="configuration (default: debug)")
    parser.add_argument("--build-dir", default=hide, metavar="DIR",
                        help="where everything is built (default: $O, build)")
    parser.add_argument("-v", "--verbose", action="store_true", default=hide,
                        help="show the commands that build")


def port(word):
    """A port of this host; 0 means any."""
    if not word.isascii() or not word.isdigit() or int(word) > 65535:
        raise argparse.ArgumentTypeError(f"'{word}' is no port, 0 to 65535")
    return int(word)


def add_run(commands):
    p = commands.add_parser("run", help="build a system and run it in QEMU")
    p.add_argument("system", metavar="SYSTEM", help=SYSTEM)
    p.add_argument("--until", metavar="TEXT",
                   help="stop when the console shows TEXT: status 0, else 1")
    p.add_argument("--timeout", metavar="SECONDS", type=float,
                   help="stop after that time; with --until: status 1")
    p.add_argument("--icount", action="store_true",
                   help="one instruction per nanosecond of virtual time")
    p.add_argument("--qemu-arg", metavar="ARG", action="append", default=[],
                   help="one more argument for QEMU; may be repeated")
    p.add_argument("--port", metavar="N", type=port, action="append",
                   default=[], help="host port of the first (second, ...) "
                   "forwarded port, instead of the usual one")
    p.set_defaults(function=run.cmd_run)
    return p


def parse():
    parser = argparse.ArgumentParser(
        prog="pride", allow_abbrev=False,
        description="Builds, runs and tests Pride systems.")
    common(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def add(name, function, text):
        p = commands.add_parser(name, help=text, description=text)
        p.set_defaults(function=function)
        return p

    p = add("setup", cmd_setup, "install what is missing")
    p.add_argument("--allow-upgrade", action="store_true",
                   help="installed packages may be upgraded if need be")
    p.add_argument("groups", nargs="*", metavar="GROUP",
                   help="what for: build run unit style net web debug "
                   "(default: all of it)")
    p.add_argument("--sources", action="store_true",
                   help="only unpack third-party sources")
    add("list", cmd_list, "list the systems")
    p = add("build", cmd_build, "build systems (default: all)")
    p.add_argument("systems", nargs="*", metavar="SYSTEM", help=SYSTEM)
    add_run(commands)
    p = add("test", cmd_test, "run the tests (default: all suites)")
    p.add_argument("suites", nargs="*", metavar="SUITE")
    p.add_argument("--list", action="store_true", help="list the suites")
    p = add("bench", bench.cmd_bench, "measure (default: everything)")
    p.add_argument("groups", nargs="*", metavar="GROUP")
    p.add_argument("--json", metavar="FILE", help="also write results there "
                   "(--render: read them there)")
    p.add_argument("--update-docs", action="store_true",
                   help="write bench/results.json and the tables of the "
                   "documents too")
    p.add_argument("--render", action="store_true",
                   help="measure nothing: write the tables of the documents "
                   "again")
    add("sdk", cmd_sdk, "lay out the SDK in DIR/sdk, all configurations")
    p = add("gdb", debug.cmd_gdb, "run a system in QEMU under the debugger")
    p.formatter_class = argparse.RawDescriptionHelpFormatter
    p.epilog = GDB_COMMANDS
    p.add_argument("system", metavar="SYSTEM", help=SYSTEM)
    p.add_argument("gdb_args", nargs="*", metavar="GDB-ARG",
                   help="for gdb; options behind --")
    p = add("report", cmd_report, "show the report of a system's image")
    p.add_argument("system", metavar="SYSTEM", help=SYSTEM)
    p.add_argument("--json", action="store_true", help="the machine's form")
    p = add("expand", cmd_expand, "show a description without subsystems")
    p.add_argument("file", metavar="FILE", help=SYSTEM)
    p = add("clean", cmd_clean, "remove what was built")
    p.add_argument("--all", action="store_true",
                   help="third-party sources and logs too")
    p = add("help", cmd_help, "show this text, or a command's")
    p.add_argument("about", nargs="?", metavar="COMMAND")
    for p in commands.choices.values():
        common(p)
    args = parser.parse_args()
    args.parser = parser
    args.commands = commands.choices
    return args


def main():
    args = parse()
    args.config_given = hasattr(args, "config")
    args.board = getattr(args, "board", tree.BOARD)
    args.config = getattr(args, "config", "debug")
    args.verbose = getattr(args, "verbose", False)
    here = os.environ.get("O", os.path.join(tree.TOP, "build"))
    args.build_dir = os.path.abspath(getattr(args, "build_dir", here))
    function = getattr(args, "function", cmd_help)
    child.catch_signals()
    try:
        if function is not cmd_help:
            outside.check(tree.TOP)
            outside.check(args.build_dir)
        return function(args)
    except tree.Failure as failure:
        print(f"pride: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
