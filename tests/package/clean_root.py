#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the package in a clean Debian, and does there what README.Debian says, as its unit serves: a case, a team of
one's own, TLS, a backup and its restoring, an upgrade from the schema before; then takes it away.

    tests/package/clean_root.py [--deb FILE] [SUITE]...        bookworm, trixie; both when none is named

As root. A suite's root is made by debootstrap from where apt of this machine fetches, and kept as
SIGNOFF_ROOTS/SUITE.tar (~/.cache/signoff-roots); each run works on a copy. Without --deb the package
is made from build/release. What cannot be done has failed: the last line is "N passed, N failed".
"""
import argparse
import contextlib
import glob
import json
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
NAME = "signoff.example"
UPGRADES = os.path.join(ROOT, "tests", "contract", "upgrades")
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

    def shell(self, script):
        """As root, up to the first line that fails."""
        return self.run("sh", "-ec", script)

    def succeeds(self, script):
        return subprocess.run(self.words("sh", "-ec", script), check=False, timeout=900, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0

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


def install(clean, package):
    shutil.copy(package, clean.path("/tmp/signoff.deb"))
    clean.run("apt-get", "-qq", "update")
    clean.run("apt-get", "-qq", "install", "-y", "--no-install-recommends", "openssl", "curl")  # of whoever tries it
    with open(clean.path("/etc/hosts"), "a", encoding="utf-8") as hosts:
        hosts.write(f"127.0.0.1 {NAME}\n")
    before = clean.strays()
    clean.run("apt-get", "-qq", "install", "-y", "--no-install-recommends", "/tmp/signoff.deb")
    assert not clean.has(SITE), "an installation alone makes no site"
    for name, command in clean.unit().items():  # what a package that nobody needs would have brought
        assert not name.startswith("Exec") or clean.has(shlex.split(command)[0]), command
    return before


def first_case(clean):
    signoff = ["signoff", "--site", SITE]
    assert os.stat(clean.path(SITE)).st_mode & 0o777 == 0o700
    assert os.stat(clean.path(SITE + "/operator.token")).st_mode & 0o777 == 0o600
    clean.run(*signoff, "case", "open", "change_request", "--project", "demo", "--field", "summary=Add export",
              "--field", "reason=Auditors ask for it")
    clean.run(*signoff, "case", "fire", "CR-1", "submit")
    assert "CR-1" in clean.run(*signoff, "inbox")
    assert "/console/#" in clean.run(*signoff, "link", "login", "admin")
    clean.run(*signoff, "info", "--operator")


def own_rules(clean):
    """Between two starts: the folder of a team of one's own, and a certificate for trying."""
    clean.shell(f"""
        cd {SITE}
        cp -r teams/demo teams/delivery
        sed -i 's/team "demo"/team "delivery"/' teams/delivery/team.lua
        chown -R --reference=site.key teams
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 \\
          -keyout tls.key -out tls.crt -subj /CN={NAME} -addext subjectAltName=DNS:{NAME}
        chown --reference=site.key tls.key tls.crt""")
    settings = clean.path(SITE + "/signoff.ini")
    with open(settings, encoding="utf-8") as lines:
        said = lines.read()
    assert said.count("[net]\n") == 1, said
    with open(settings, "w", encoding="utf-8") as lines:
        lines.write(said.replace("[net]\n", "[net]\ntls_certificate = tls.crt\ntls_key = tls.key\n"
                                 f"public_url = https://{NAME}:7481\n"))
    clean.shell(f"cd {SITE}; signoff check .; signoff serve . --check-config")


def own_people(clean):
    """The token of the own team's lead."""
    return clean.shell(f"""
        cd {SITE}
        signoff person add li --title "Li Ting" --lead --operator --team delivery
        signoff project add shop --title Shop --operator --team delivery
        signoff project member add shop li pm --operator --team delivery
        signoff link login li --operator --team delivery | grep -q https://{NAME}:7481/console/
        signoff token add li --operator --team delivery --json | grep -o 'sgn_[A-Za-z0-9_-]*'""").split()[-1]


def from_elsewhere(clean, token):
    """What somebody has who has only the certificate and a token: the command line, and curl."""
    clean.shell(f"""
        mkdir /root/elsewhere; cd /root/elsewhere
        cp {SITE}/tls.crt .; (umask 077; echo {token} > li.token)""")
    signoff = f"signoff --server tls://{NAME}:7480 --ca tls.crt --token-file li.token"
    said = clean.shell(f"""
        cd /root/elsewhere
        {signoff} case open change_request --project shop --field summary=Labels --field 'reason=Parcels come back'
        {signoff} inbox
        curl -sS --fail --cacert tls.crt -H 'Authorization: Bearer {token}' -H 'Content-Type: application/json' \\
          -d '{{"jsonrpc":"2.0","id":1,"method":"case.list","params":{{}}}}' https://{NAME}:7481/rpc""")
    assert '"CR-1"' in said and "Labels" in said, said
    for words, why in ((f"signoff --server {NAME}:7480 --token-file li.token inbox", "without TLS"),
                       (f"signoff --server tls://{NAME}:7480 --token-file li.token inbox", "without its certificate")):
        assert not clean.succeeds(f"cd /root/elsewhere; {words}"), f"served {why}"


def restored(clean):
    """Instead of the site that there is, what its backup has of it."""
    clean.shell(f"""
        mv {SITE} {SITE}.before
        signoff restore /root/monday.signoff {SITE}
        cp -p {SITE}.before/tls.* {SITE}/
        chown -R --reference={SITE}.before/site.key {SITE}
        rm -r {SITE}.before""")  # systemd gives the folder its user by itself


def older_site(clean):
    """The site of the schema before, as its program left it when it was killed."""
    archive = sorted(glob.glob(os.path.join(UPGRADES, "sqlite-*.tar.xz")))[-1]
    shutil.rmtree(clean.path(SITE))
    os.makedirs(clean.path("/root/older"))
    call("tar", "-C", clean.path("/root/older"), "-xf", archive)
    clean.shell(f"cp -r /root/older/site {SITE}; chown -R {USER}:{USER} {SITE}")
    with open(clean.path("/root/older/said.json"), encoding="utf-8") as said:
        return json.load(said)


def upgraded(clean, said):
    """It is the site that it was, with all of its history, and goes on."""
    signoff = f"signoff --site {SITE}"
    for case in said["cases"]:
        then, now = said["li"]["case"][case], json.loads(clean.shell(f"{signoff} case show {case} --json"))
        assert now["case"] == case and now["opened_at"] == then["opened_at"] and now["fields"].items() >= then["fields"].items(), (now, then)
    clean.shell(f"{signoff} info --operator")
    assert [name for name in os.listdir(clean.path(SITE + "/data")) if name.startswith("signoff.schema-")]


def look(clean, package):
    """The way of somebody who tries it."""
    before = install(clean, package)
    with served(clean):
        first_case(clean)
    own_rules(clean)
    with served(clean):  # the second start finds what the first one left
        assert "CR-1" in clean.run("signoff", "--site", SITE, "case", "list")
        from_elsewhere(clean, own_people(clean))
        clean.shell(f"signoff backup /root/monday.signoff --site {SITE}; signoff verify /root/monday.signoff")
    restored(clean)
    with served(clean):
        assert "Labels" in clean.shell(f"cd /root/elsewhere; signoff --server tls://{NAME}:7480 --ca tls.crt --token-file li.token case list")
        clean.shell(f"signoff health --site {SITE}")
    said = older_site(clean)
    with served(clean):
        upgraded(clean, said)
    clean.shell(f"signoff verify {SITE}; rm -r /root/older /root/elsewhere /root/monday.signoff")
    key = open(clean.path(SITE + "/site.key"), encoding="utf-8").read()
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
            print(f"{suite}: installed, served with TLS, backed up, restored, upgraded, removed and purged")
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
