#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the package in a clean Debian, serves a case from it as its unit says, and takes it away.

    tests/package/clean_root.py [--deb FILE] [SUITE]...        bookworm, trixie; both when none is named

As root. A suite's root is made by debootstrap from where apt of this machine fetches, and kept as
SIGNOFF_ROOTS/SUITE.tar (~/.cache/signoff-roots); each run works on a copy. Without --deb the package
is made from build/release. What cannot be done has failed: the last line is "N passed, N failed".
"""
import argparse
import contextlib
import glob
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
ROOTS = os.environ.get("SIGNOFF_ROOTS", os.path.expanduser("~/.cache/signoff-roots"))
USER = 61184  # the first of those that systemd gives with DynamicUser=
SITE = "/var/lib/signoff"
UNIT = "usr/lib/systemd/system/signoff.service"
# What apt and dpkg keep of everything that was ever installed.
KEPT = ("/var/lib/apt", "/var/lib/dpkg", "/var/cache", "/var/log", "/proc", "/run", "/tmp", "/dev", "/sys")


def call(*words, **options):
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options)
    if done.returncode != 0:
        raise SystemError(f"{shlex.join(words)} ended with {done.returncode}\n{done.stdout}")
    return done.stdout


def mirror():
    """Where apt of this machine fetches Debian from."""
    for line in call("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME)").splitlines():
        address = line.split()[0]
        if address.rstrip("/").endswith("/debian"):
            return address
    raise SystemError("apt of this machine has no Debian to fetch from")


def made_root(suite):
    """The suite's root as a tar file, made when it is not there."""
    kept = os.path.join(ROOTS, suite + ".tar")
    if os.path.exists(kept):
        return kept
    os.makedirs(ROOTS, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="signoff-root-") as folder:
        address = mirror()
        call("debootstrap", "--variant=minbase", suite, folder, address)
        with open(os.path.join(folder, "etc/apt/sources.list"), "w", encoding="utf-8") as sources:
            sources.write(f"deb {address} {suite} main\n")
        call("tar", "-C", folder, "-cf", kept + ".new", ".")
    os.rename(kept + ".new", kept)
    return kept


def built():
    """The package of build/release."""
    build = os.path.join(ROOT, "build", "release")
    call("cmake", "--preset", "release", cwd=ROOT)
    call("cmake", "--build", "--preset", "release", "--target", "signoff", "packaging", cwd=ROOT)
    call("cpack", "-G", "DEB", cwd=build)
    (package,) = glob.glob(os.path.join(build, "signoff_*.deb"))
    return package


class Clean:
    """A root with nothing of ours in it; commands run in it, with a /proc of their own."""

    def __init__(self, folder):
        self.folder = folder

    def words(self, *words):
        proc = os.path.join(self.folder, "proc")
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", f"--mount-proc={proc}", "chroot", self.folder,
                "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8",
                "DEBIAN_FRONTEND=noninteractive", *words]

    def run(self, *words):
        return call(*self.words(*words), timeout=900)

    def path(self, name):
        return os.path.join(self.folder, name.lstrip("/"))

    def has(self, name):
        return os.path.lexists(self.path(name))

    def strays(self):
        """What lies in it and belongs to no package."""
        owned = set()
        for listed in glob.glob(self.path("/var/lib/dpkg/info/*.list")):
            with open(listed, encoding="utf-8") as lines:
                owned.update(lines.read().split("\n"))
        found = set()
        for folder, folders, names in os.walk(self.folder):
            here = "/" + os.path.relpath(folder, self.folder).lstrip(".")
            here = here.replace("//", "/")
            if here.startswith(KEPT):
                folders.clear()
                continue
            found.update(os.path.join(here, name) for name in [*folders, *names])
        # With /bin a link to /usr/bin a package may own a file by either name.
        return {name for name in found if name not in owned and name.removeprefix("/usr") not in owned
                and not name.startswith(KEPT)}

    def end(self, number):
        """Sends this to the server in here: unshare, which we started, stands before it."""
        for process in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError):
                with open(f"/proc/{process}/cmdline", encoding="utf-8") as line:
                    serves = line.read().split("\0")[:2] == ["/usr/bin/signoff", "serve"]
                if serves and os.readlink(f"/proc/{process}/root") == self.folder:
                    os.kill(int(process), number)

    def unit(self):
        """The settings of the unit, the last of each name."""
        with open(self.path(UNIT), encoding="utf-8") as lines:
            return dict(line.rstrip("\n").split("=", 1) for line in lines if "=" in line and line[0].isupper())


@contextlib.contextmanager
def served(clean):
    """The server as systemd would start it, as far as a root without systemd can: its user, its folder, its rights
    and its environment, and somebody who listens for READY=1."""
    unit = clean.unit()
    state = clean.path("/var/lib/" + unit["StateDirectory"])
    os.makedirs(state, mode=int(unit["StateDirectoryMode"], 8), exist_ok=True)
    os.chown(state, USER, USER)
    variables = []
    with open(clean.path(unit["EnvironmentFile"].lstrip("-")), encoding="utf-8") as lines:
        variables = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    told = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    told.bind(clean.path("/run/notify"))
    os.chmod(clean.path("/run/notify"), 0o777)
    told.settimeout(120)
    frame = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups", "--no-new-privs", "--bounding-set=-all",
             "env", "NOTIFY_SOCKET=/run/notify", *variables]
    before = clean.run(*frame, *shlex.split(unit["ExecStartPre"]))
    server = subprocess.Popen(clean.words(*frame, *shlex.split(unit["ExecStart"])), text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        ready = told.recv(4096).decode()
        assert ready.startswith("READY=1\n"), (ready, before, server.communicate(timeout=60))
        yield server
        clean.end(signal.SIGTERM)
        assert told.recv(4096).decode().startswith("STOPPING=1")
        assert server.wait(60) == 0, server.stderr.read()
    finally:
        clean.end(signal.SIGKILL)
        server.communicate()
        told.close()
        os.unlink(clean.path("/run/notify"))


def look(clean, package):
    """The way of somebody who tries it: install, serve, ask for a change, restart, remove, purge."""
    signoff = ["signoff", "--site", SITE]
    shutil.copy(package, clean.path("/tmp/signoff.deb"))
    clean.run("apt-get", "-qq", "update")
    before = clean.strays()
    clean.run("apt-get", "-qq", "install", "-y", "--no-install-recommends", "/tmp/signoff.deb")
    assert not clean.has(SITE), "an installation alone makes no site"
    for name, command in clean.unit().items():  # what a package that nobody needs would have brought
        assert not name.startswith("Exec") or clean.has(shlex.split(command)[0]), command
    with served(clean):
        assert os.stat(clean.path(SITE)).st_mode & 0o777 == 0o700
        assert os.stat(clean.path(SITE + "/operator.token")).st_mode & 0o777 == 0o600
        clean.run(*signoff, "case", "open", "change_request", "--project", "demo", "--field", "summary=Add export",
                  "--field", "reason=Auditors ask for it")
        clean.run(*signoff, "case", "fire", "CR-1", "submit")
        assert "CR-1" in clean.run(*signoff, "inbox")
        assert "/console/#" in clean.run(*signoff, "link", "login", "admin")
        clean.run(*signoff, "info", "--operator")
    key = open(clean.path(SITE + "/site.key"), encoding="utf-8").read()
    with served(clean):  # the second start finds what the first one left
        assert "CR-1" in clean.run(*signoff, "case", "list")
    clean.run("apt-get", "-qq", "remove", "-y", "signoff")
    assert not clean.has("/usr/bin/signoff") and not clean.has(UNIT)
    assert open(clean.path(SITE + "/site.key"), encoding="utf-8").read() == key, "a removal takes no data"
    clean.run("apt-get", "-qq", "purge", "-y", "signoff")
    left = sorted(clean.strays() - before)
    assert left == [], f"left behind: {left}"
    assert "signoff" not in clean.run("dpkg-query", "-W", "-f", "${Package}\\n")


def main():
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--deb", help="the package; else it is made from build/release")
    asked.add_argument("suites", nargs="*", default=[])
    asked = asked.parse_args()
    passed = failed = 0
    package = None
    for suite in asked.suites or ["bookworm", "trixie"]:
        folder = tempfile.mkdtemp(prefix="signoff-clean-")
        try:
            if os.geteuid() != 0:
                raise SystemError("making a root, and changing into it, needs root")
            package = package or (os.path.abspath(asked.deb) if asked.deb else built())
            call("tar", "-C", folder, "-xf", made_root(suite))
            os.chmod(folder, 0o755)
            look(Clean(folder), package)
            print(f"{suite}: installed, served, removed and purged")
            passed += 1
        except (SystemError, AssertionError, OSError, subprocess.SubprocessError) as why:
            print(f"{suite}: {why}", file=sys.stderr)
            failed += 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
