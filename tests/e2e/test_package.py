# SPDX-License-Identifier: Apache-2.0
"""The Debian package: what is in it, what lintian says, and a server from it under the limits of its unit."""
import ctypes
import glob
import gzip
import json
import os
import re
import subprocess
import sys

import pytest

from commands import rows, run  # noqa: F401

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
UNIT = "usr/lib/systemd/system/signoff.service"


def call(*words, **options):
    done = subprocess.run(words, text=True, capture_output=True, timeout=300, **options)
    assert done.returncode == 0, (words, done.stdout, done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def package(binary, tmp_path_factory):
    """The package of the build that the program under test is of."""
    out = tmp_path_factory.mktemp("package")
    config = os.path.join(os.path.dirname(binary), "CPackConfig.cmake")
    call("cpack", "-G", "DEB", "--config", config, "-B", str(out), cwd=os.path.dirname(binary))
    (made,) = glob.glob(f"{out}/*.deb")
    return made


@pytest.fixture(scope="module")
def root(package, tmp_path_factory):
    """What it would put on a disk."""
    out = tmp_path_factory.mktemp("root")
    call("dpkg-deb", "-x", package, str(out))
    return str(out)


def version():
    with open(os.path.join(ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
        return re.search(r"project\(signoff VERSION (\S+)", file.read()).group(1)


def test_it_says_what_it_is_and_needs(package, binary):
    said = dict(re.findall(r"^([A-Z]\S+): (.*)$", call("dpkg-deb", "-f", package), re.MULTILINE))
    assert said["Package"] == "signoff"
    assert said["Version"] == version() == call(binary, "--version").split()[1]
    # What it is linked with is found by looking; of the rest time zones alone are needed.
    for library in ("libc6", "libuv1", "libsqlite3-0", "liblua5.4-0", "libpq5", "libsodium23", "tzdata"):
        assert re.search(rf"\b{library}\b", said["Depends"]), said["Depends"]
    assert "-dev" not in said["Depends"]


def test_lintian_has_no_error(package):
    done = subprocess.run(["lintian", "--fail-on", "error", "--allow-root", package], text=True, capture_output=True,
                          timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("E:")] == []


def test_nothing_lies_where_it_does_not_belong(package):
    listed = call("dpkg-deb", "-c", package).splitlines()
    names = sorted(line.split()[5] for line in listed if not line.startswith("d"))
    expected = """./etc/default/signoff ./usr/bin/signoff ./usr/lib/systemd/system/signoff-http.socket
        ./usr/lib/systemd/system/signoff-lines.socket ./usr/lib/systemd/system/signoff.service
        ./usr/share/bash-completion/completions/signoff ./usr/share/doc/signoff/README.Debian
        ./usr/share/doc/signoff/changelog.gz ./usr/share/doc/signoff/copyright ./usr/share/man/man1/signoff.1.gz
        ./usr/share/man/man5/signoff.ini.5.gz ./usr/share/man/zh_CN/man1/signoff.1.gz
        ./usr/share/man/zh_CN/man5/signoff.ini.5.gz ./usr/share/zsh/vendor-completions/_signoff""".split()
    assert names == sorted(expected)
    assert all(line.split()[1] == "root/root" for line in listed), "of root alone"
    modes = {line.split()[5]: line.split()[0] for line in listed}
    assert all(mode == ("-rwxr-xr-x" if name == "./usr/bin/signoff" else "-rw-r--r--")
               for name, mode in modes.items() if not mode.startswith("d")), modes


def test_what_is_printed_is_of_this_program(root, run):
    with gzip.open(f"{root}/usr/share/man/man1/signoff.1.gz", "rt", encoding="utf-8") as page:
        assert page.read() == run("reference", "man", "--lang", "en").stdout
    with gzip.open(f"{root}/usr/share/man/zh_CN/man5/signoff.ini.5.gz", "rt", encoding="utf-8") as page:
        assert page.read() == run("reference", "man", "signoff.ini", "--lang", "zh").stdout
    with open(f"{root}/usr/share/bash-completion/completions/signoff", encoding="utf-8") as script:
        assert script.read() == run("reference", "completion", "bash").stdout
    with open(f"{root}/etc/default/signoff", encoding="utf-8") as file:
        names = re.findall(r"^#(SIGNOFF_\w+)=", file.read(), re.MULTILINE)
    assert names and set(names) <= {setting["variable"] for setting in rows(run("reference", "settings", "--json"))}


def test_a_site_that_is_there_is_left_alone(run, folder):
    run("init", "site", "--missing")
    with open(os.path.join(folder, "site", "site.key"), encoding="utf-8") as key:
        before = key.read()
    assert run("init", "site", "--missing").stdout == "site is a site already\n"
    with open(os.path.join(folder, "site", "site.key"), encoding="utf-8") as key:
        assert key.read() == before
    # Half a site is none, and neither is what holds something else.
    os.remove(os.path.join(folder, "site", "site.key"))
    assert "is not empty" in run("init", "site", "--missing", code=1).stderr


# ---- the unit ----

def unit(root):
    """Its settings by name, in their order."""
    said = {}
    with open(os.path.join(root, UNIT), encoding="utf-8") as file:
        for line in file:
            if re.match(r"\w+=", line):
                name, value = line.rstrip("\n").split("=", 1)
                said.setdefault(name, []).append(value)
    return said


def test_systemd_understands_the_units(root):
    units = sorted(glob.glob(f"{root}/usr/lib/systemd/system/*"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", f"--root={root}", *map(os.path.basename, units)],
                          text=True, capture_output=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "signoff" in line
            and "/bin/sh is not" not in line and "not-found" not in line and "not found" not in line]
    assert ours == []
    told = call("systemd-analyze", "security", "--offline=true", f"--root={root}", "--threshold=20", "signoff.service")
    assert float(re.search(r"exposure level for signoff.service: ([\d.]+)", told).group(1)) <= 2.0


def system_calls(filters):
    """The numbers that SystemCallFilter= leaves, as systemd would: a list, less one, and what is added."""
    def names(words):
        found = set()
        for word in words.split():
            if word.startswith("@"):
                listed = call("systemd-analyze", "syscall-filter", word).splitlines()[1:]
                for line in (line.strip() for line in listed):
                    if line and not line.startswith("#"):
                        found |= names(line)
            else:
                found.add(word)
        return found
    # What systemd always lets through.
    allowed = names("@default execve exit exit_group")
    for value in filters:
        allowed = allowed - names(value[1:]) if value.startswith("~") else allowed | names(value)
    library = ctypes.CDLL("libseccomp.so.2")
    numbers = [library.seccomp_syscall_resolve_name(name.encode()) for name in sorted(allowed)]
    return [number for number in numbers if number >= 0]


LOCKED = r"""
import ctypes, json, os, sys
numbers, command = json.loads(sys.argv[1]), sys.argv[2:]
seccomp = ctypes.CDLL("libseccomp.so.2")
seccomp.seccomp_init.restype = ctypes.c_void_p
seccomp.seccomp_rule_add_array.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint,
                                           ctypes.c_void_p]
seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
filtered = ctypes.c_void_p(seccomp.seccomp_init(0x00050000 | 1))  # EPERM
for number in numbers:
    assert seccomp.seccomp_rule_add_array(filtered, 0x7fff0000, number, 0, None) == 0
assert seccomp.seccomp_load(filtered) == 0
os.execv(command[0], command)
"""


def test_it_serves_under_the_system_calls_that_the_unit_leaves(root, run, folder):
    """The rules' processes, too, which confine themselves further: a case goes on by them."""
    program = os.path.join(root, "usr/bin/signoff")
    said = unit(root)
    numbers = system_calls(said["SystemCallFilter"])
    assert len(numbers) > 100
    run("init", "site", "--demo")
    command = [sys.executable, "-c", LOCKED, json.dumps(numbers), program, "serve", "site", "--listen", "off"]
    server = subprocess.Popen(["setpriv", "--no-new-privs", *command], cwd=folder, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    try:
        ready = server.stdout.readline()
        assert ready.startswith("signoff: serving"), ready + server.stderr.read()
        site = ["--site", os.path.join(folder, "site")]
        run("case", "open", "change_request", "--project", "acme-erp", "--field", "summary=x", "--field", "reason=y",
            *site, "--as", "mei")
        run("case", "fire", "CR-1", "submit", *site, "--as", "mei")
        assert "CR-1" in run("inbox", *site, "--as", "li").stdout
    finally:
        server.terminate()
        said = server.communicate(timeout=60)
    assert server.returncode == 0, said


def test_the_units_commands_make_a_site_and_serve_it(root, folder):
    said = unit(root)
    assert said["Type"] == ["notify"] and said["DynamicUser"] == ["yes"] and said["StateDirectory"] == ["signoff"]
    assert said["ExecStartPre"] == ["/usr/bin/signoff init --missing /var/lib/signoff"]
    assert said["ExecStart"] == ["/usr/bin/signoff serve /var/lib/signoff"]
    words = [os.path.join(root, said["ExecStart"][0].split()[0].lstrip("/")), *said["ExecStart"][0].split()[1:]]
    where = os.path.join(folder, "state")
    os.mkdir(where)
    call(words[0], "init", "--missing", where)
    assert call(words[0], "serve", where, "--check-config").endswith("in order\n")
