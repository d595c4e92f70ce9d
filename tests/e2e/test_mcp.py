# SPDX-License-Identifier: Apache-2.0
"""signoff mcp: both revisions of the protocol, by raw lines always and by the official clients of
npm where its registry answers; and that an assistant does nothing that its person has not agreed
to."""
import json
import os
import shutil
import subprocess

import jsonschema
import pytest
from cases import Case
from test_example_clients import deciding

HERE = os.path.dirname(os.path.abspath(__file__))
NEW = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
       "io.modelcontextprotocol/clientCapabilities": {}}
READING = {"inbox": {}, "case_search": {"text": "Export", "open": True}, "case_show": {"case": "CR-1"},
           "case_history": {"case": "CR-1"}, "case_allowed": {"case": "CR-1"}, "report": {}}
WRITING = {"case_comment", "case_decide"}


class Assistant:
    """A signoff mcp process and the lines one says to it."""

    def __init__(self, binary, server, person, *options, at=None):
        self.process = subprocess.Popen(
            [binary, "mcp", "--server", at or "127.0.0.1:%d" % server.port, *options],
            env=dict(os.environ, SIGNOFF_TOKEN=server.token(person), LANG="C.UTF-8",
                     XDG_CONFIG_HOME=server.site),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.last_id = 0

    def line(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def hear(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, method, params=None, meta=NEW):
        """The answer to one request; meta None: of the older revision."""
        self.last_id += 1
        params = dict(params or {})
        if meta is not None:
            params["_meta"] = meta
        self.line(json.dumps({"jsonrpc": "2.0", "id": self.last_id, "method": method,
                              "params": params}))
        answer = self.hear()
        assert answer["jsonrpc"] == "2.0" and answer["id"] == self.last_id
        return answer

    def tool(self, name, refused=False, **arguments):
        """What the tool gives as data, which is what its text says."""
        result = self.ask("tools/call", {"name": name, "arguments": arguments})["result"]
        assert result["resultType"] == "complete"
        assert result.get("isError", False) is refused, result
        if not refused:
            assert json.loads(result["content"][0]["text"]) == result["structuredContent"]
        return result["structuredContent"]

    def end(self):
        """Its input ends, and so does it; what it complained of."""
        out, err = self.process.communicate(timeout=60)
        assert out == b"" and self.process.returncode == 0, (out, err)
        return err.decode()


@pytest.fixture
def assistant(binary, server):
    """assistant("mei", "--read-only"): of that person; all end with the test."""
    made = []

    def make(person, *options, at=None):
        made.append(Assistant(binary, server, person, *options, at=at))
        return made[-1]
    yield make
    for one in made:
        if one.process.poll() is None and not one.process.stdin.closed:
            assert one.end() == ""


# ---- the protocol ----

def test_new_revision_discovers_without_a_handshake(assistant):
    result = assistant("mei").ask("server/discover")["result"]
    assert result["supportedVersions"] == ["2026-07-28"]
    assert result["capabilities"] == {"tools": {}} and result["resultType"] == "complete"
    assert result["_meta"]["io.modelcontextprotocol/serverInfo"]["name"] == "signoff"
    assert result["ttlMs"] == 0 and result["cacheScope"] == "private"


def test_new_revision_refuses_others_by_naming_those_it_speaks(assistant):
    for method in ("server/discover", "tools/list"):
        error = assistant("mei").ask(method, meta=dict(NEW, **{
            "io.modelcontextprotocol/protocolVersion": "2031-01-01"}))["error"]
        assert error["code"] == -32022
        assert error["data"] == {"supported": ["2026-07-28"], "requested": "2031-01-01"}


def test_new_revision_wants_the_clients_capabilities(assistant):
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    error = assistant("mei").ask("tools/list", meta=meta)["error"]
    assert error["code"] == -32602 and "clientCapabilities" in error["message"]


@pytest.mark.parametrize("asked, given", [("2025-11-25", "2025-11-25"), ("2025-06-18", "2025-06-18"),
                                          ("2099-01-01", "2025-11-25")])
def test_old_revision_is_agreed_on_by_initialize(assistant, asked, given):
    one = assistant("mei")
    assert one.ask("tools/list", meta=None)["error"]["code"] == -32602, "before initialize"
    result = one.ask("initialize", {"protocolVersion": asked, "capabilities": {},
                                    "clientInfo": {"name": "t", "version": "1"}}, meta=None)["result"]
    assert result["protocolVersion"] == given and result["serverInfo"]["name"] == "signoff"
    one.line('{"jsonrpc":"2.0","method":"notifications/initialized"}')
    assert one.ask("ping", meta=None)["result"] == {}
    listed = one.ask("tools/list", meta=None)["result"]
    assert set(listed) == {"tools"}, "members of the newer revision"


def test_bad_lines_are_answered_and_the_next_is_heard(assistant):
    one = assistant("mei")
    for text, code in (("{", -32700), ("[]", -32600), ('{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600),
                       ('{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600),
                       ('{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600),
                       ('{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}', -32600),
                       ('"\xff"', None), ("", None), ('{"jsonrpc":"2.0","id":9,"result":{}}', None)):
        one.line(text)
        if code is not None:
            assert one.hear()["error"]["code"] == code, text
        elif text == '"\xff"':
            assert one.hear()["error"]["code"] == -32600
    assert one.ask("resources/list")["error"]["code"] == -32601
    assert one.ask("initialize")["error"]["code"] == -32601, "of the older revision"
    assert one.ask("tools/call", {"name": "inbx"})["error"]["message"].endswith("did you mean 'inbox'?")
    assert one.tool("inbox")["items"] == []


def test_tools_have_schemas_and_say_what_they_change(assistant):
    tools = {tool["name"]: tool for tool in assistant("mei").ask("tools/list")["result"]["tools"]}
    assert set(tools) == set(READING) | WRITING
    for name, tool in tools.items():
        jsonschema.Draft202012Validator.check_schema(tool["inputSchema"])
        assert tool["annotations"]["readOnlyHint"] is (name in READING)
        assert tool["annotations"]["destructiveHint"] is (name == "case_decide")
        assert tool["inputSchema"]["additionalProperties"] is False
    for name, arguments in READING.items():
        jsonschema.validate(arguments, tools[name]["inputSchema"])


def test_titles_are_in_the_persons_language(assistant):
    tools = assistant("mei", "--lang", "zh").ask("tools/list")["result"]["tools"]
    assert tools[0]["title"] == "我的待办"
    assert assistant("mei").ask("tools/list")["result"]["tools"][0]["title"] == "My inbox"


# ---- what the tools do ----

def test_reading_tools_leave_the_history_as_it_is(assistant, people):
    deciding(people)
    head = people("li").call("watch.start")["head"]
    one = assistant("li")
    for name, arguments in READING.items():
        assert one.tool(name, **arguments), name
    people("li").call("watch.stop")
    assert people("li").call("watch.start")["head"] == head
    report = one.tool("report")
    assert (report["open"], report["overdue"], report["complete"]) == (1, 0, True)
    assert report["by_workflow"] == {"change_request": 1} and report["by_state"] == {"deciding": 1}


def test_deciding_needs_the_digest_of_what_was_shown(assistant, people):
    case = deciding(people)
    one = assistant("mei")
    shown = one.tool("case_decide", case=case.key, choice="approve")
    assert shown["decided"] is False and case.round()["ballots"] == []
    assert shown["digest"] == case.round("mei")["digest"]
    assert {"field": "cost", "title": "Cost", "value": "5000.00"} in shown["agrees_to"]
    for wrong in ("yes", "true", shown["digest"][:16], "0" * 64):
        error = one.tool("case_decide", refused=True, case=case.key, choice="approve", confirm=wrong)
        assert error["code"] in ("conflict", "invalid"), wrong
    case.edit("li", cost="9000.00")
    error = one.tool("case_decide", refused=True, case=case.key, choice="approve",
                     confirm=shown["digest"])
    assert error["code"] == "conflict" and case.round()["ballots"] == []
    shown = one.tool("case_decide", case=case.key, choice="approve")
    done = one.tool("case_decide", case=case.key, choice="approve", confirm=shown["digest"])
    assert done["decided"] is True and done["digest"] == shown["digest"]
    assert [(b["person"], b["choice"]) for b in case.round()["ballots"]] == [("mei", "approve")]


def test_deciding_is_refused_where_the_person_is_not_asked(assistant, people):
    case = Case(people, "change_request", "mei", summary="Export", reason="Auditors ask")
    one = assistant("mei")
    error = one.tool("case_decide", refused=True, case=case.key, choice="approve")
    assert error["code"] == "not_now" and case.key in error["message"]
    case = deciding(people)
    error = one.tool("case_decide", refused=True, case=case.key, choice="agree")
    assert error["code"] == "invalid" and "agree" in error["message"]
    error = assistant("sun").tool("case_decide", refused=True, case=case.key, choice="approve")
    assert error["code"] == "forbidden" and case.round()["ballots"] == []


def test_tools_have_the_rights_of_the_person(assistant, people):
    case = Case(people, "feedback", "mei", summary="Slow", details="Very")
    people("li").call("case.comment", case=case.key, text="between us")
    tom = assistant("tom")
    absent = tom.tool("case_show", refused=True, case="FB-999")
    hidden = tom.tool("case_show", refused=True, case=case.key)
    assert hidden["code"] == absent["code"] == "not_found"
    assert tom.tool("case_search")["items"] == [] and tom.tool("report")["open"] == 0
    assert "between us" not in json.dumps(assistant("mei").tool("case_history", case=case.key))
    assert "between us" in json.dumps(assistant("li").tool("case_history", case=case.key))


def test_comment_is_written_once_in_the_persons_name(assistant, people):
    case = Case(people, "change_request", "mei", summary="Export", reason="Auditors ask")
    assistant("li").tool("case_comment", case=case.key, text="Looked at it", shared=True)
    written = [entry for entry in case.history("mei") if entry["kind"] == "comment"]
    assert [(entry["actor"], entry["comment"]) for entry in written] == [("li", "Looked at it")]


def test_arguments_that_a_tool_does_not_have_are_refused(assistant):
    one = assistant("li")
    for name, arguments, said in (("inbox", {"team": "demo"}, "team"),
                                  ("case_comment", {"case": "CR-1", "text": "x", "request_id": "1"},
                                   "request_id"),
                                  ("case_show", {}, "needs the argument case"),
                                  ("case_show", {"case": 1}, "string"),
                                  ("inbox", {"limit": 0}, "integer"),
                                  ("case_search", {"open": "yes"}, "boolean")):
        error = one.tool(name, refused=True, **arguments)
        assert error["code"] == "invalid" and said in error["message"], error


def test_read_only_has_no_tool_that_changes_something(assistant, people):
    case = deciding(people)
    one = assistant("mei", "--read-only")
    assert {tool["name"] for tool in one.ask("tools/list")["result"]["tools"]} == set(READING)
    for name in WRITING:
        arguments = {"case": case.key, "choice": "approve", "text": "x"}
        assert one.ask("tools/call", {"name": name, "arguments": arguments})["error"]["code"] == -32602


def test_server_that_goes_and_comes_back_is_found_again(assistant, server):
    one = assistant("mei", at=os.path.join(server.site, "signoff.sock"))
    assert one.tool("inbox")["items"] == []
    server.stop()
    assert one.tool("inbox", refused=True)["code"] in ("unknown_outcome", "unavailable")
    assert one.tool("inbox", refused=True)["code"] == "unavailable"
    server.start()
    assert one.tool("inbox")["items"] == []


# ---- the official clients ----

@pytest.fixture(scope="session")
def official(binary):
    """The folder with npm's packages, kept beside the program; made where the registry answers."""
    folder = os.path.join(os.path.dirname(binary), "mcp-clients")
    if not os.path.exists(os.path.join(folder, "done")):
        os.makedirs(folder, exist_ok=True)
        shutil.copy(os.path.join(HERE, "mcp", "package.json"), folder)
        got = subprocess.run(["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
                             cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=300) if shutil.which("npm") else None
        if got is None or got.returncode != 0:
            pytest.skip("npm's registry does not give the official clients")
        with open(os.path.join(folder, "done"), "w", encoding="ascii"):
            pass
    return folder


@pytest.mark.parametrize("era", ["new", "old"])
def test_official_client_reads_and_decides(official, binary, server, people, era):
    node = int(subprocess.run(["node", "-p", "process.versions.node"], capture_output=True, text=True,
                              check=True).stdout.split(".")[0])
    if era == "new" and node < 20:
        pytest.skip("the official client of 2026-07-28 needs Node 20")
    case = deciding(people)
    steps = [{"tool": "inbox"}, {"tool": "case_decide", "arguments": {"case": case.key, "choice": "approve"}},
             {"tool": "case_decide", "arguments": {"case": case.key, "choice": "approve",
                                                   "confirm": case.round("mei")["digest"]}},
             {"tool": "case_show", "arguments": {"case": "CR-999"}}]
    done = subprocess.run(["node", os.path.join(HERE, "mcp", "client.mjs"), era, binary, "mcp",
                           "--server", "127.0.0.1:%d" % server.port], cwd=official,
                          env=dict(os.environ, SIGNOFF_TOKEN=server.token("mei")),
                          input=json.dumps(steps), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["server"]["name"] == "signoff"
    assert said["version"] == ("2026-07-28" if era == "new" else None)
    assert {tool["name"] for tool in said["tools"]} == set(READING) | WRITING
    inbox, shown, decided, absent = said["results"]
    assert [item["case"] for item in inbox["structuredContent"]["items"]] == [case.key]
    assert shown["structuredContent"]["decided"] is False
    assert decided["structuredContent"]["decided"] is True
    assert absent["isError"] is True and absent["structuredContent"]["code"] == "not_found"
    assert [b["person"] for b in case.round()["ballots"]] == ["mei"]
