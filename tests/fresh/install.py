# SPDX-License-Identifier: BSD-2-Clause
"""A minimal install of a Debian release with our tree in it, and what commands
change in it."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tarfile
import time

import archive
import jail
import qemu
import tree

CODENAMES = {"12": "bookworm", "13": "trixie"}
USER = "tester"
# Where the tree lies: not in a home directory, which may be unwritable.
SOURCE = "/srv/pride"
ARCHIVES = "/var/cache/apt/archives"
# What an installer leaves to the user's choice, and what keeps packages from
# starting services: the network is shared with this machine.
PREPARE = r"""
set -eu
export DEBIAN_FRONTEND=noninteractive LC_ALL=C
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
echo force-unsafe-io >/etc/dpkg/dpkg.cfg.d/90fast
apt-get -q update
[ "$upgrade" = no ] || apt-get -q -y upgrade
if [ "$sudo" = yes ]; then
    apt-get -q -y --no-install-recommends install sudo
    useradd --create-home --shell /bin/sh "$user"
    echo "$user ALL=(ALL) NOPASSWD: ALL" >"/etc/sudoers.d/$user"
    chown -R "$user:" "$source"
fi
if [ "$home" = no ]; then
    chown root: "/home/$user"
    chmod 555 "/home/$user"
fi
echo "pending: $(apt-get -s upgrade | grep -c ^Inst)"
[ "$lists" = yes ] || rm -rf /var/lib/apt/lists/*
"""


def make_base(release, directory, where):
    """debootstrap's result, as a tarball that later runs take."""
    target = directory / f"base-{release}.tar"
    if target.exists():
        return target
    scratch = directory / f"root-base-{release}"
    scratch.mkdir()
    path = log_path(f"fresh-{release}-base")
    env = [f"{k}={v}" for k, v in where.environment().items()]
    with open(path, "wb") as log:
        status = jail.run(
            ["env", *env, "debootstrap", "--variant=minbase", *where.extra(),
             CODENAMES[release], str(scratch), where.main], log, 1800)
    if status != 0:
        raise archive.Failure(f"debootstrap of {release} failed; see {path}")
    for name in ("var/cache/apt/archives", "var/lib/apt/lists"):
        empty(scratch / name)
    half = target.with_suffix(".new")
    subprocess.run(["tar", "--numeric-owner", "-C", str(scratch), "-cf",
                    str(half), "."], check=True)
    half.rename(target)
    remove(scratch)
    return target


def empty(directory):
    """Removes the files of a directory, but not its directories."""
    for path in directory.iterdir():
        if path.is_file():
            path.unlink()


def remove(directory):
    """Removes an install; never what somebody has mounted into it.  Whoever
    interrupts twice waits until it is done."""
    if jail.is_mounted_below(directory):
        raise archive.Failure(f"something is mounted in {directory}")
    ends = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    try:
        shutil.rmtree(directory)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def log_path(name):
    return pathlib.Path(qemu.log_directory()) / f"{name}.log"


def tree_files():
    """Our files, relative to the top, without what was built."""
    done = subprocess.run(
        ["git", "-c", f"safe.directory={tree.TOP}", "-C", tree.TOP, "ls-files",
         "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False) if shutil.which("git") else None
    if done and done.returncode == 0:
        return [name for name in done.stdout.decode().split("\0") if name]
    found = []
    for path, directories, files in os.walk(tree.TOP):
        directories[:] = [d for d in directories if d not in
                          ("build", ".git", "__pycache__")]
        found += [os.path.relpath(os.path.join(path, f), tree.TOP)
                  for f in files]
    return found


def copy_tree(target):
    for name in tree_files():
        source, to = pathlib.Path(tree.TOP, name), pathlib.Path(target, name)
        if source.is_symlink() or source.is_file():
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, to, follow_symlinks=False)


class Packages:
    """What dpkg has installed in a directory at one moment."""

    def __init__(self, root):
        self.found = {}
        self.unfinished = 0
        text = pathlib.Path(root, "var/lib/dpkg/status").read_text("utf-8")
        for entry in text.split("\n\n"):
            field = dict(re.findall(r"^([A-Za-z-]+): (.*)$", entry, re.M))
            if field.get("Status") == "install ok installed":
                name = (field["Package"], field["Architecture"])
                self.found[name] = (field["Version"],
                                    int(field.get("Installed-Size", 0)))
            elif not field.get("Status", "").endswith(
                    (" not-installed", " config-files")):
                # dpkg was interrupted
                self.unfinished += bool(field)

    def added(self, before):
        return {n: v for n, v in self.found.items() if n not in before.found}

    def changed(self, before):
        """Names of packages that are not what they were."""
        return sorted(n[0] for n, v in before.found.items()
                      if self.found.get(n, ("",))[0] != v[0])


class Install:
    """One minimal install.

        with Install(variant, base, archives, where) as install:
            install.command("run", ["./pride", "run", "hello"], 600)
    """

    def __init__(self, variant, base, archives, where):
        self.variant = variant
        self.base = base
        self.archives = archives
        self.where = where
        self.root = base.parent / f"root-{variant.name()}"
        self.jail = jail.Jail(self.root, {str(archives): ARCHIVES})
        self.pending = 0

    def __enter__(self):
        try:
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.root.exists():
            remove(self.root)

    def prepare(self):
        self.root.mkdir()
        self.archives.mkdir(exist_ok=True)
        subprocess.run(["tar", "--numeric-owner", "-xpf", str(self.base), "-C",
                        str(self.root)], check=True)
        codename = CODENAMES[self.variant.release]
        self.where.configure(self.root, codename)
        copy_tree(f"{self.root}{SOURCE}")
        yes = {True: "yes", False: "no"}
        facts = {"upgrade": yes[not self.variant.pending],
                 "sudo": yes[self.variant.sudo],
                 "home": yes[self.variant.home],
                 "lists": yes[self.variant.lists],
                 "user": USER, "source": SOURCE}
        path = log_path(f"fresh-{self.variant.name()}-prepare")
        with open(path, "wb") as log:
            status = self.jail.run(
                ["env", "-i", *self.environment("root"),
                 *(f"{k}={v}" for k, v in facts.items()), "sh", "-c", PREPARE],
                log, 1800)
        text = path.read_text("utf-8", "replace")
        found = re.search(r"^pending: (\d+)$", text, re.M)
        if status != 0 or not found:
            raise archive.Failure(f"the install cannot be prepared; see {path}")
        self.pending = int(found.group(1))

    def environment(self, user):
        """What a login would set, and nothing of ours."""
        system = "/usr/local/sbin:/usr/sbin:/sbin:" if user == "root" else ""
        home = "/root" if user == "root" else f"/home/{user}"
        found = {"PATH": f"{system}/usr/local/bin:/usr/bin:/bin",
                 "HOME": home, "USER": user, "LOGNAME": user, "TERM": "dumb",
                 **self.where.environment()}
        if self.variant.locale:
            found["LANG"] = self.variant.locale
        return [f"{name}={value}" for name, value in found.items()]

    def words(self, command):
        """The command as the variant's user, in the tree."""
        who, change = "root", []
        if self.variant.sudo:
            who = USER
            change = ["setpriv", f"--reuid={who}", f"--regid={who}",
                      "--init-groups"]
        return [*change, "env", "-i", "-C", SOURCE, *self.environment(who),
                *command]

    def command(self, name, words, timeout, terminal=False):
        """Runs one command; returns what came of it."""
        before = Packages(self.root)
        path = log_path(f"fresh-{self.variant.name()}-{name}")
        begin = time.monotonic()
        asked = 0
        with open(path, "wb") as log:
            if terminal:
                status, asked = self.jail.run_answering(
                    self.words(words), log, timeout, "[y/N] ", "y\n")
            else:
                status = self.jail.run(self.words(words), log, timeout)
        after = Packages(self.root)
        return Outcome(self, path, status, asked, time.monotonic() - begin,
                       after.added(before), after.changed(before),
                       before.unfinished)


class Outcome:
    """What one command did."""

    def __init__(self, install, path, status, asked, seconds, added, changed,
                 unfinished):
        self.path = path
        self.text = path.read_text("utf-8", "replace").replace("\r", "")
        self.status = status
        self.asked = asked
        self.seconds = seconds
        self.added = added
        self.changed = changed
        self.unfinished = unfinished
        self.fetched = sum(size(install.archives, name, version)
                           for name, (version, _) in added.items())
        self.disk = sum(kib * 1024 for _, kib in added.values())


def size(archives, name, version):
    """Bytes of the package's file among those that were fetched."""
    package, architecture = name
    version = version.replace(":", "%3a")
    path = archives / f"{package}_{version}_{architecture}.deb"
    return path.stat().st_size if path.exists() else 0
