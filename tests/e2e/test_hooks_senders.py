# SPDX-License-Identifier: Apache-2.0
"""Hooks, sent to by what others wrote and by what people are told to write: npm's standardwebhooks, curl,
openssl; and the example in examples/hooks."""
import json
import os
import shutil
import subprocess

import pytest
from hook_help import desk, post  # noqa: F401
from test_endpoints import verifier  # noqa: F401

EXAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "hooks")
TEAM = os.path.join(EXAMPLE, "teams", "intake")

SIGN = """import { Webhook } from "standardwebhooks";
import { readFileSync } from "node:fs";
const { secret, id, at, body } = JSON.parse(readFileSync(0, "utf8"));
console.log(new Webhook(secret).sign(id, new Date(at * 1000), body));
"""


def run(binary, *words, code=0, **more):
    done = subprocess.run([binary, *words], text=True, capture_output=True, timeout=300, **more)
    assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
    return done


def test_what_the_standard_s_own_library_signs_is_taken(verifier, desk):  # noqa: F811
    import time
    with open(os.path.join(verifier, "sign.mjs"), "w", encoding="ascii") as f:
        f.write(SIGN)
    server = desk()
    with server.client("li") as li:
        secret = li.call("hook.secret", hook="tracker")["secret"]
    at, body = int(time.time()), '{"event": "created", "title": "\u00e4\u4e2d", "ref": "R"}'
    done = subprocess.run(["node", "sign.mjs"], cwd=verifier, text=True, capture_output=True, timeout=60,
                          input=json.dumps({"secret": secret, "id": "msg_x", "at": at, "body": body}))
    assert done.returncode == 0, done.stderr
    headers = {"webhook-id": "msg_x", "webhook-timestamp": str(at), "webhook-signature": done.stdout.strip()}
    # The one before the change of keys stands beside it, as a sender does that rotates.
    headers["webhook-signature"] = "v1a,AAAA v1,%s %s" % ("A" * 43 + "=", headers["webhook-signature"])
    status, said, _ = post(server, "tracker", body.encode(), headers)
    assert status == 200 and said["case"] == "TI-1", said
    assert post(server, "tracker", body.encode() + b"\n", headers)[0] == 404


def test_the_example_has_no_findings_and_its_tests_reach_it_all(binary, folder):
    assert "no findings" in run(binary, "check", "--strict", TEAM).stdout
    assert "100% of the workflows" in run(binary, "test", TEAM).stdout
    # They fail when a hook does something else.
    copy = os.path.join(folder, "intake")
    shutil.copytree(TEAM, copy)
    for what, instead in (('b.action == "opened"', 'b.action == "created"'), ('case = key_in', 'case = "BUG-2" or key_in'),
                          ("otherwise = {", "-- otherwise = {"), ('~= "signoff.open"', '== "signoff.open"')):
        with open(os.path.join(TEAM, "team.lua"), encoding="utf-8") as f:
            text = f.read()
        assert text.count(what) == 1, what
        text = text.replace(what, instead)
        if instead.startswith("--"):
            text = text.replace('workflow = "bug", url = h.body.alert },\n      --',
                                'workflow = "bug", url = h.body.alert } }\n      --')
        with open(os.path.join(copy, "team.lua"), "w", encoding="utf-8") as f:
            f.write(text)
        run(binary, "test", copy, code=1)


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("openssl"), reason="no curl, or no openssl")
def test_the_example_is_sent_to_as_its_page_says(binary, make_server, folder):
    def prepare(server):
        shutil.copytree(TEAM, os.path.join(server.site, "teams", "intake"))
    server = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare, arguments=["--http", "127.0.0.1:0"])
    with server.client("operator") as keep:
        for person in ("robot", "li"):
            keep.call("person.create", team="intake", person=person, title=person)
        keep.call("client.create", team="intake", client="acme")
        keep.call("project.create", team="intake", project="erp", client="acme")
        for person, role in (("robot", "intake"), ("li", "pm")):
            keep.call("project.member.add", team="intake", project="erp", person=person, role=role)
        said = run(binary, "hook", "secret", "monitor", "--team", "intake", "--site", server.site, "--json").stdout
        secret = json.loads(said)["secret"]
        with open(os.path.join(EXAMPLE, "README.md"), encoding="utf-8") as f:
            page = f.read()
        line = page[page.index("    curl -H"):page.index("`scheme = \"standard\"`")].replace("7481", str(server.http_port))
        for _ in range(2):
            done = run("sh", "-c", line, env={**os.environ, "SECRET": secret})
            assert json.loads(done.stdout)["case"] == "BUG-1"
        secret = keep.call("hook.secret", team="intake", hook="partner")["secret"]
        body = os.path.join(folder, "body.json")
        with open(body, "w", encoding="utf-8") as f:
            json.dump({"type": "signoff.open", "subject": "IS-4", "source": "/teams/support"}, f)
        url = "http://127.0.0.1:%d/hooks/intake/partner" % server.http_port
        done = run("sh", os.path.join(EXAMPLE, "send.sh"), url, secret, body)
        assert json.loads(done.stdout)["case"] == "BUG-2"
        tried = json.loads(run(binary, "hook", "try", "partner", body, "--team", "intake", "--site", server.site, "--json").stdout)
        assert tried["params"]["fields"]["url"] == "/teams/support/IS-4"
        listed = run(binary, "hook", "list", "--team", "intake", "--site", server.site).stdout
        assert "/hooks/intake/partner" in listed and "whsec_" not in listed
        in_chinese = run(binary, "hook", "list", "--team", "intake", "--site", server.site, "--lang", "zh").stdout
        assert "签名方式" in in_chinese
        run(binary, "hook", "revoke", "partner", "--team", "intake", "--site", server.site)
        assert "not_found" in run("sh", os.path.join(EXAMPLE, "send.sh"), url, secret, body).stdout
        run(binary, "hook", "try", "partner", os.path.join(folder, "none.json"), "--team", "intake", "--site", server.site, code=1)
