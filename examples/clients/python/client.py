#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A small client of Signoff: inbox, open, decide, watch. See README.md beside it."""
import json
import os
import socket
import sys
import uuid


class Signoff:
    def __init__(self, server, token):
        host, port = server.rsplit(":", 1)
        self.lines = socket.create_connection((host, int(port))).makefile("rw", encoding="utf-8")
        self.last_id = 0
        self.call("session.login", token=token)

    def receive(self):
        line = self.lines.readline()
        if not line:
            sys.exit("the server closed the connection")
        return json.loads(line)

    def call(self, method, **params):
        self.last_id += 1
        self.lines.write(json.dumps({"jsonrpc": "2.0", "id": self.last_id, "method": method,
                                     "params": params}) + "\n")
        self.lines.flush()
        while True:
            answer = self.receive()
            if answer.get("id") != self.last_id:
                continue  # a notification that came between
            if "error" in answer:
                sys.exit("%(code)s: %(message)s" % answer["error"])
            return answer["result"]


def inbox(signoff):
    for item in signoff.call("inbox.list")["items"]:
        print(item["case"], item["kind"], item["title"], sep="\t")


def open_case(signoff, workflow, project, *fields):
    case = signoff.call("case.open", workflow=workflow, project=project,
                        fields=dict(field.split("=", 1) for field in fields),
                        request_id=uuid.uuid4().hex)
    print(case["case"], ",".join(case["states"]), sep="\t")


def decide(signoff, case, choice, digest=None):
    seen = signoff.call("case.get", case=case)
    for approval in seen["approvals"]:
        if "ended" in approval:
            continue
        if digest is None:  # look first: nothing is decided without the digest of what was seen
            for name in approval["covers"]:
                print(name, json.dumps(seen["fields"].get(name), ensure_ascii=False), sep=": ")
            print("digest", approval["digest"], sep=": ")
            return
        done = signoff.call("approval.vote", case=case, approval=approval["approval"],
                            choice=choice, digest=digest, request_id=uuid.uuid4().hex)
        print(done["case"], ",".join(done["states"]), sep="\t")
        return
    sys.exit("%s has no open approval" % case)


def watch(signoff, first="1"):
    """From that number on; who remembers the last number seen misses nothing."""
    signoff.call("watch.start", **{"from": int(first)})
    while True:
        message = signoff.receive()
        if message.get("method") == "watch.entry":
            entry = message["params"]["entry"]
            print(entry["seq"], entry["case"] or "-", entry["kind"], entry["actor"], sep="\t",
                  flush=True)


COMMANDS = {"inbox": inbox, "open": open_case, "decide": decide, "watch": watch}

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        sys.exit("usage: client.py inbox | open WORKFLOW PROJECT NAME=VALUE... |"
                 " decide CASE CHOICE [DIGEST] | watch [FROM]")
    connection = Signoff(os.environ.get("SIGNOFF_SERVER", "127.0.0.1:7480"),
                         os.environ["SIGNOFF_TOKEN"])
    try:
        COMMANDS[sys.argv[1]](connection, *sys.argv[2:])
    except KeyboardInterrupt:
        pass
