#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a server on a site of its own in real time, opens cases, and runs the load generator
over it in several forms. Prints one line for each."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "examples", "helpdesk"))
import signoff  # noqa: E402

# name, workflow, key, options of the load generator, what it shows
FORMS = (
    ("alone", "flip", "BN", ["--connections", "1", "--depth", "1"], "one client alone"),
    ("unpipelined", "flip", "BN", ["--connections", "64", "--depth", "1"],
     "64 connections, one request at a time on each"),
    ("pipelined", "flip", "BN", ["--connections", "16", "--depth", "64"],
     "16 connections, 64 requests in flight on each"),
    ("open-loop", "flip", "BN", ["--connections", "64", "--depth", "8"],
     "requests at even intervals, at half the rate of 'unpipelined'"),
    ("lua-unpipelined", "flip_lua", "BL", ["--connections", "64", "--depth", "1"],
     "as unpipelined, with a guard and a change in Lua"),
    ("lua-pipelined", "flip_lua", "BL", ["--connections", "16", "--depth", "64"],
     "as pipelined, with a guard and a change in Lua"),
)


def find(build, name):
    for folder, _, files in os.walk(build):
        if name in files and os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    sys.exit("%s: no %s there; build it first" % (build, name))


def prepare(server):
    """The team, its one project and the account that fires; gives its token."""
    with server.client("operator") as operator:
        operator.call("person.create", team="bench", person="desk", title="Desk", lead=True)
        token = operator.call("token.create", team="bench", person="desk", name="load")["token"]
    with server.connect(token) as desk:
        desk.call("project.create", project="bench", title="Benchmark")
        desk.call("project.member.add", project="bench", person="desk", role="agent")
    return token


def load(program, server, token, *more):
    command = [program, "--port", str(server.port), "--pid", str(server.process.pid), *more]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False,
                          env=dict(os.environ, SIGNOFF_TOKEN=token))
    if done.returncode != 0:
        sys.exit("%s\n%s" % (" ".join(command), done.stdout))
    return done.stdout.strip()


def run(options):
    program, generator = find(options.build, "signoff"), find(options.build, "signoff-load")
    folder = tempfile.mkdtemp(prefix="signoff-bench-", dir=options.folder)
    server = signoff.Server(os.path.join(folder, "site"), program)
    rate = 0
    try:
        server.init()
        shutil.copytree(os.path.join(HERE, "team"), os.path.join(server.site, "teams", "bench"))
        server.start()
        token = prepare(server)
        opened = set()
        for name, workflow, key, how, what in FORMS:
            if options.only and name not in options.only:
                continue
            if workflow not in opened:
                opened.add(workflow)
                print("%-16s %s" % ("open " + workflow, load(
                    generator, server, token, "--open", "--workflow", workflow, "--cases",
                    str(options.cases), "--connections", "16", "--depth", "64")), flush=True)
            if name == "open-loop":
                how = how + ["--rate", str(max(1, rate // 2))]
            said = load(generator, server, token, "--key", key, "--cases", str(options.cases),
                        "--seconds", str(options.seconds), "--warmup",
                        str(max(1, options.seconds // 5)), *how)
            if name == "unpipelined":
                rate = int(re.match(r"\d+", said).group())
            print("%-16s %s   # %s" % (name, said, what), flush=True)
        server.stop()
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True, help="folder with signoff and signoff-load")
    parser.add_argument("--seconds", type=int, default=20, help="measured, for each form")
    parser.add_argument("--cases", type=int, default=10000, help="open cases of each workflow")
    parser.add_argument("--only", action="append", help="a form by name; may be repeated")
    parser.add_argument("--folder", help="on the disk to be measured (default: TMPDIR)")
    parser.add_argument("--quick", action="store_true", help="3 seconds, 1000 cases")
    options = parser.parse_args()
    if options.quick:
        options.seconds, options.cases = 3, 1000
    run(options)


if __name__ == "__main__":
    main()
