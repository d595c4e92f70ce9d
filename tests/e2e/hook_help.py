# SPDX-License-Identifier: Apache-2.0
"""What the tests of hooks share: a team with some, and senders that sign as Standard Webhooks
(spec/standard-webhooks.md 1.0.0) and GitHub say."""
import base64
import hashlib
import hmac
import json
import os
import re
import time

import pytest
from http_help import fetch

WORKFLOW = """return workflow "ticket" { key = "TI", roles = { "pm", "engineer", "client" }, client = "project",
  fields = { summary = text { required = true, max = 100 }, ref = text { indexed = true }, sum = money {} },
  state "open" {
    on "close" { by = "pm", takes = { "sum" }, to = "closed" },
    on "decline" { by = "client", to = "closed" },
  },
  final "closed" { outcome = "done" } }
"""

HOOKS = """
  hook "tracker" { scheme = "standard", by = "li", does = function(h)
    local b = h.body
    if b.loop then while true do end end
    if b.fail then return b.nothing.there end
    if b.back then return b.back end
    if b.event == "created" then
      return { open = "ticket", project = "acme-erp", fields = { summary = b.title, ref = b.ref, sum = b.sum }, comment = h.headers["x-note"] }
    elseif b.event == "closed" then
      return { fire = "close", case = { workflow = "ticket", ref = b.ref }, data = { sum = b.sum } }
    elseif b.event == "said" then
      return { comment = b.text, case = { workflow = "ticket", ref = b.ref },
               otherwise = { open = "ticket", project = "acme-erp", fields = { summary = b.text, ref = b.ref } } }
    end
    return { ignore = "no event of ours" }
  end },
  hook "github" { scheme = "github", by = "li", does = function(h)
    return { open = "ticket", project = "acme-erp", fields = { summary = h.headers["x-github-event"] or "none" } }
  end },
  hook "crm" { scheme = "bearer", by = "wang", does = function(h)
    return { fire = h.body.fire, case = h.body.case }
  end },
"""


def team_with(hooks=HOOKS, workflow=WORKFLOW):
    """For prepare of a server: its team has these hooks."""
    def write(server):
        path = os.path.join(server.site, "teams", "demo")
        with open(os.path.join(path, "team.lua"), encoding="utf-8") as f:
            text = f.read()
        with open(os.path.join(path, "team.lua"), "w", encoding="utf-8") as f:
            f.write(re.sub(r'  use "issue",\n', '  use "issue", use "ticket",\n' + hooks.replace("\\", "\\\\"), text))
        with open(os.path.join(path, "workflows", "ticket.lua"), "w", encoding="utf-8") as f:
            f.write(workflow)
    return write


def signed(secret, body, ident="msg_1", at=None):
    """The headers of Standard Webhooks."""
    at = str(int(time.time()) if at is None else at)
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, b"%s.%s.%s" % (ident.encode(), at.encode(), body), hashlib.sha256).digest()
    return {"webhook-id": ident, "webhook-timestamp": at,
            "webhook-signature": "v1," + base64.b64encode(mac).decode()}


def github(secret, body):
    return {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


def post(server, name, body, headers, kind="application/json", team="demo"):
    """(status, what it says, its headers)."""
    status, fields, text = fetch(server, "/hooks/%s/%s" % (team, name), body, Content_Type=kind, **headers)
    return status, json.loads(text) if fields["Content-Type"] == "application/json" else text.decode(), fields


class Hook:
    """One of the team's hooks with its secret; send() signs."""

    def __init__(self, server, li, name="tracker"):
        self.server, self.name = server, name
        self.secret = li.call("hook.secret", hook=name)["secret"]
        self.sent = 0

    def send(self, event, ident=None, **more):
        self.sent += 1
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        headers = {**signed(self.secret, body, ident or "msg_%d" % self.sent), **more}
        status, said, _ = post(self.server, self.name, body, headers)
        return status, said


@pytest.fixture
def desk(make_server, folder):
    """desk(): a demo site with hooks that speaks HTTP; desk(hooks=TEXT)."""
    def start(arguments=(), prepare=None, **team):
        write = team_with(**team)

        def both(server):
            write(server)
            if prepare:
                prepare(server)
        return make_server(os.path.join(folder, "site"), "--demo", prepare=both,
                           arguments=["--http", "127.0.0.1:0", *arguments])
    return start
