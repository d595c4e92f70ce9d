# SPDX-License-Identifier: Apache-2.0
"""The store behind PgBouncer: the whole contract in session mode, a clear refusal in transaction
mode.

    test_store_pgbouncer.py TEST_STORE_CONTRACT

Exits with 77 (skipped) where there is no pgbouncer.
"""

import os
import shutil
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "support"))
from postgres import Postgres  # noqa: E402

NEEDS = "PgBouncer in session mode"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def behind(server, program, mode, check):
    """Calls check with an address that leads through a pooler in this mode."""
    folder = os.path.join(server.folder, mode)
    port = free_port()
    os.mkdir(folder)
    files = {
        "users": f'"signoff" "{server.password}"\n',
        "ini": f"""[databases]
* = host=127.0.0.1 port={server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = plain
auth_file = {folder}/users
pool_mode = {mode}
default_pool_size = 10
logfile = {folder}/log
""",
    }
    for name, text in files.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as out:
            out.write(text)
    as_user = {}
    if server.user is not None:
        as_user = {"user": server.user.pw_uid, "group": server.user.pw_gid, "extra_groups": []}
        for path in [folder, *(os.path.join(folder, name) for name in files)]:
            os.chown(path, server.user.pw_uid, server.user.pw_gid)
    pooler = subprocess.Popen(
        [program, "-q", os.path.join(folder, "ini")], cwd="/", stderr=subprocess.DEVNULL, **as_user
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)  # a process that begins to listen tells nobody
        return check(f"postgres://signoff:{server.password}@127.0.0.1:{port}/signoff")
    finally:
        pooler.terminate()
        pooler.wait()


def main(contract):
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    if program is None:
        return 77

    def run(url):
        done = subprocess.run(
            [contract, url], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            check=False, env=dict(os.environ, SIGNOFF_LOG="error"),
        )
        return done.returncode, done.stdout

    with Postgres() as server:
        code, said = behind(server, program, "session", run)
        if code != 0:
            print(said, "\nthe contract is not kept behind PgBouncer in session mode")
            return 1
        code, said = behind(server, program, "transaction", run)
        if code == 0 or NEEDS not in said:
            print(said, f'\nnot refused with "{NEEDS}" behind PgBouncer in transaction mode')
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
