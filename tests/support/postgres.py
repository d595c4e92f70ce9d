#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL cluster of the tests' own, in a folder, on a free port of the loopback.

    postgres.py start DIR      makes and starts it; its address is in DIR/url
    postgres.py stop DIR       ends it and removes the folder; fine when there is none
    postgres.py run COMMAND... starts one, runs the command with {url} replaced, ends it
    postgres.py run --durable COMMAND...

or, from Python:

    with Postgres() as server:
        server.url("signoff")  # of the role that Signoff uses, who owns the database "signoff"
        server.admin_url()     # of the superuser

The server does not run as root: when the tests do, it runs as the user "postgres", or "nobody".
Its default order of texts is not that of bytes, so that whoever relies on it is found. It does not
sync its files, unless durable is asked for: what is tested is not the machine's power supply.
"""

import glob
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

ROLE = "signoff"
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "max_connections": "60",
    "superuser_reserved_connections": "3",
    "shared_buffers": "32MB",
    "max_wal_size": "256MB",
    "log_min_messages": "error",
    "logging_collector": "off",
    "synchronous_commit": "on",
}


def programs():
    """The folder of the newest server's programs."""
    found = sorted(
        glob.glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda p: int(p.split("/")[-3])
    )
    if found:
        return os.path.dirname(found[-1])
    on_path = shutil.which("initdb")
    if on_path is None:
        raise SystemExit("postgres.py: no initdb: install the package postgresql")
    return os.path.dirname(os.path.realpath(on_path))


def unprivileged():
    """The user that the server runs as when we are root; None: as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise SystemExit("postgres.py: PostgreSQL does not run as root, and there is no other user")


class Postgres:
    def __init__(self, folder=None, durable=False, settings=None):
        self.folder = folder or tempfile.mkdtemp(prefix="signoff-postgres-")
        self.settings = dict(SETTINGS, **(settings or {}))
        if not durable:
            self.settings.update(fsync="off", full_page_writes="off")
        self.bin = programs()
        self.user = unprivileged()
        self.data = os.path.join(self.folder, "data")
        self.port = None
        self.password = None

    def run(self, program, *args, **more):
        """Runs one of the server's programs as the server's user."""
        as_user = {} if self.user is None else {
            "user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []
        }
        done = subprocess.run(
            [os.path.join(self.bin, program), *args], cwd="/", env={"PATH": os.defpath, "LC_ALL": "C"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, **as_user, **more,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} {' '.join(args)}: {done.stdout}")
        return done.stdout

    def make(self):
        os.makedirs(self.folder, exist_ok=True)
        self.password = secrets.token_hex(16)
        pwfile = os.path.join(self.folder, "password")
        with open(pwfile, "w", encoding="ascii") as out:
            out.write(self.password + "\n")
        if self.user is not None:
            for path in (self.folder, pwfile):
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        os.chmod(self.folder, 0o755)
        icu = []
        if int(self.run("initdb", "--version").split()[2].split(".")[0]) >= 15:
            icu = ["--locale-provider=icu", "--icu-locale=en-US"]
        self.run(
            "initdb", "-D", self.data, "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", *icu,
            "--auth=scram-sha-256", f"--pwfile={pwfile}", "--no-sync", "--no-instructions",
        )
        with open(os.path.join(self.data, "postgresql.conf"), "a", encoding="ascii") as conf:
            for name, value in self.settings.items():
                conf.write(f"{name} = {value}\n")

    def start(self):
        """Starts it, on the port it had before or on a free one. The port is free when it is
        looked for; should another take it meanwhile, another is looked for."""
        for attempt in range(5):
            if self.port is None:
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", 0))
                    self.port = probe.getsockname()[1]
            try:
                # The server must not keep a pipe of ours open: its words go into a file.
                self.run(
                    "pg_ctl", "start", "-D", self.data, "-w", "-t", "60",
                    "-l", os.path.join(self.data, "log"),
                    "-o", f"-p {self.port} -k {self.data}",
                )
                return
            except RuntimeError:
                if attempt == 4:
                    raise
                self.port = None

    def stop(self, mode="fast"):
        """fast, or immediate: as if the power failed."""
        self.run("pg_ctl", "stop", "-D", self.data, "-m", mode, "-w", "-t", "60")

    def prepare(self):
        self.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB CREATEROLE PASSWORD '{self.password}'")
        self.sql(f"CREATE DATABASE {ROLE} OWNER {ROLE}")

    def sql(self, text, database="postgres"):
        """Runs SQL as the superuser; returns what it answers as text."""
        done = subprocess.run(
            [os.path.join(self.bin, "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", text,
             self.admin_url(database)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{text}: {done.stderr}")
        return done.stdout.strip()

    def url(self, database=ROLE, role=ROLE):
        return f"postgres://{role}:{self.password}@127.0.0.1:{self.port}/{database}"

    def admin_url(self, database="postgres"):
        return self.url(database, "postgres")

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        try:
            self.make()
            self.start()
            self.prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *unused):
        try:
            if os.path.exists(os.path.join(self.data, "postmaster.pid")):
                self.stop("immediate")
        finally:
            self.remove()


def start(folder):
    """The cluster itself lies where temporary files do: the server's user may not be allowed to
    look into the folder. DIR/place says where."""
    stop(folder)  # what an earlier run that was killed has left
    server = Postgres()
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "place"), server.folder)
    server.__enter__()
    write(os.path.join(folder, "url"), server.url())


def write(path, text):
    with open(path, "w", encoding="ascii") as out:
        os.chmod(out.fileno(), 0o600)
        out.write(text + "\n")


def stop(folder):
    place = os.path.join(folder, "place")
    if os.path.exists(place):
        with open(place, encoding="ascii") as said:
            Postgres(said.read().strip()).__exit__()
    shutil.rmtree(folder, ignore_errors=True)


def run(command):
    signal.signal(signal.SIGTERM, lambda *unused: sys.exit(1))
    durable = command[0] == "--durable"
    with Postgres(durable=durable) as server:
        return subprocess.run(
            [arg.replace("{url}", server.url()) for arg in command[durable:]], check=False
        ).returncode


if __name__ == "__main__":
    if len(sys.argv) >= 3 and sys.argv[1] in ("start", "stop"):
        {"start": start, "stop": stop}[sys.argv[1]](os.path.abspath(sys.argv[2]))
    elif len(sys.argv) >= 3 and sys.argv[1] == "run":
        sys.exit(run(sys.argv[2:]))
    else:
        sys.exit(__doc__)
