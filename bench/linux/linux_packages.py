# SPDX-License-Identifier: BSD-2-Clause
"""Fetches Debian's kernel and busybox for the measured architecture, without
touching the system.

apt-get reads the signed index of the mirror this machine uses, for that
architecture and in private directories, downloads the packages and checks them
against it; dpkg only unpacks them.  DIRECTORY/.complete tells which versions are there.
"""

import os
import pathlib
import re
import shutil
import sys
import tempfile

import arch
import tree

sys.path.append(os.path.join(tree.TOP, "tools", "setup"))

import sources  # noqa: E402

KERNEL = f"linux-image-cloud-{arch.facts.DEBIAN}"
BUSYBOX = "busybox-static"


def directory():
    return pathlib.Path(tree.TOP, "build", "deps", "linux")


class Archive:
    """A private view of the archive of binaries."""

    def __init__(self, top):
        self.top = pathlib.Path(top)
        for name in ("lists/partial", "cache/archives/partial"):
            (self.top / name).mkdir(parents=True)
        (self.top / "status").touch()
        found = sources.mirrors()
        if not found:
            raise sources.Failure("apt knows no Debian mirror of this release")
        signed = f" [signed-by={sources.KEYRING}]" \
            if os.path.exists(sources.KEYRING) else ""
        (self.top / "sources.list").write_text("".join(
            f"deb{signed} {uri} {release} main\n" for uri, release in found),
            encoding="utf-8")
        self.options = []
        for key, value in (
                ("APT::Architecture", arch.facts.DEBIAN),
                ("APT::Architectures", arch.facts.DEBIAN),
                ("APT::Sandbox::User", ""), ("Acquire::Languages", "none"),
                ("Dir::State", self.top), ("Dir::Cache", self.top / "cache"),
                ("Dir::State::Lists", self.top / "lists"),
                ("Dir::State::status", self.top / "status"),
                ("Dir::Etc::SourceList", self.top / "sources.list"),
                ("Dir::Etc::SourceParts", "/dev/null")):
            self.options += ["-o", f"{key}={value}"]
        sources.run(["apt-get", *self.options, "-q", "--error-on=any",
                     "update"])

    def kernel(self):
        """The package that the metapackage stands for today."""
        text = sources.run(["apt-cache", *self.options, "depends", KERNEL])
        found = re.search(r"Depends: (linux-image-\S+)", text)
        if not found:
            raise sources.Failure(f"{KERNEL} depends on no kernel")
        return found.group(1)

    def fetch(self, names):
        """Downloads packages; returns their files."""
        before = os.getcwd()
        os.chdir(self.top)
        try:
            sources.run(["apt-get", *self.options, "-q", "download", *names])
        finally:
            os.chdir(before)
        return sorted(self.top.glob("*.deb"))


def get():
    """Makes sure the packages are unpacked; returns their directory."""
    target = directory()
    if (target / ".complete").exists():
        return target
    scratch = target.with_name("linux.new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    sources.say(f"fetching {KERNEL} and {BUSYBOX} for {arch.facts.DEBIAN}, "
                "for the measured Linux guest")
    with tempfile.TemporaryDirectory() as top:
        archive = Archive(top)
        files = archive.fetch([archive.kernel(), BUSYBOX])
        versions = []
        for file in files:
            sources.run(["dpkg-deb", "-x", str(file), str(scratch)])
            versions.append(sources.run(
                ["dpkg-deb", "-f", str(file), "Package", "Version"]))
    (scratch / ".complete").write_text("".join(versions), encoding="ascii")
    shutil.rmtree(target, ignore_errors=True)
    scratch.rename(target)
    return target


def versions():
    """What is installed in the guest, in one line."""
    text = (get() / ".complete").read_text("ascii")
    fields = re.findall(r"^(?:Package|Version): (\S+)", text, re.M)
    return ", ".join(f"{package} {version}" for package, version
                     in zip(fields[::2], fields[1::2]))
