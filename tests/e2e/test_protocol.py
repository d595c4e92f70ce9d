# SPDX-License-Identifier: Apache-2.0
"""Bad input gets a clear error and changes nothing; the rest of the protocol's promises."""
import json

import pytest
import signoff

FIELDS = {"summary": "Add export", "reason": "Auditors ask for it"}


@pytest.fixture
def admin(make_server, folder):
    """The lead of a plain site with one case, CR-1, in its first state."""
    server = make_server(folder + "/site")
    with server.client("admin") as connection:
        connection.server = server
        opened = connection.call("case.open", workflow="change_request", fields=FIELDS)
        assert opened["case"] == "CR-1"
        yield connection


@pytest.fixture
def unchanged(admin):
    """Fails the test when the team's history or its case is another at its end."""
    def picture():
        with admin.server.client("admin") as other:
            return (other.call("case.get", case="CR-1"),
                    other.call("case.history", case="CR-1"),
                    other.call("case.list"), other.call("audit.verify"))
    before = picture()
    yield
    assert picture() == before


def line(request):
    return json.dumps(request).encode() + b"\n"


def ask(connection, data):
    connection.send_bytes(data)
    return connection.receive()


def closed(connection):
    return connection.reader.read() == b""


# ---- lines that are no requests: answered, and the connection goes on ----

BAD_LINES = {
    "broken JSON": (b'{"jsonrpc":"2.0","id":1,\n', -32700, "parse"),
    "two texts": (b'{} {}\n', -32700, "parse"),
    "not a number": (b'{"jsonrpc":"2.0","id":NaN,"method":"server.ping"}\n', -32700, "parse"),
    "a NUL": (b'{"jsonrpc":"2.0","id":1,"method":"server.\x00ping"}\n', -32700, "parse"),
    "too deep": (b"[" * 80 + b"]" * 80 + b"\n", 1010, "too_large"),
    "a number": (b"17\n", -32600, "request"),
    "an empty batch": (b"[]\n", -32600, "request"),
    "another version": (line({"jsonrpc": "1.0", "id": 1, "method": "server.ping"}),
                        -32600, "request"),
    "no version": (line({"id": 1, "method": "server.ping"}), -32600, "request"),
    "a method that is no name": (line({"jsonrpc": "2.0", "id": 1, "method": 5}),
                                 -32600, "request"),
    "an id that is a list": (line({"jsonrpc": "2.0", "id": [1], "method": "server.ping"}),
                             -32600, "request"),
    "params that are no object": (line({"jsonrpc": "2.0", "id": 1, "method": "server.ping",
                                        "params": "x"}), -32600, "request"),
}


@pytest.mark.parametrize("bad", BAD_LINES)
def test_bad_line_is_refused_and_the_connection_goes_on(admin, unchanged, bad):
    data, number, code = BAD_LINES[bad]
    error = ask(admin, data)["error"]
    assert (error["code"], error["data"]["code"]) == (number, code)
    assert error["message"]
    admin.call("server.ping")


def test_blank_lines_are_nothing(admin):
    admin.send_bytes(b"\n  \r\n\n")
    admin.call("server.ping")


# ---- lines after which nothing can be trusted: a last error, and the end ----

def test_line_that_is_not_utf8_ends_the_connection(admin, unchanged):
    error = ask(admin, b'{"jsonrpc":"2.0","id":1,"method":"\xc3\x28"}\n')["error"]
    assert error["code"] == -32700 and "UTF-8" in error["message"]
    assert closed(admin)


def test_huge_line_ends_the_connection(admin, unchanged):
    admin.socket.settimeout(30)
    try:
        admin.send_bytes(b'{"jsonrpc":"2.0","id":1,"method":"server.ping","params":{"x":"'
                         + b"a" * (1 << 20) + b'"}}\n')
    except OSError:
        pass  # closed while we were still sending
    error = admin.receive()["error"]
    assert error["data"]["code"] == "too_large" and str(1 << 20) in error["message"]
    with admin.server.client("admin") as other:  # nobody else notices
        other.call("server.ping")


# ---- requests that are wrong ----

def test_unknown_method_names_the_nearest(admin, unchanged, refuses):
    error = refuses("method", admin, "case.opne")
    assert error.number == -32601 and error.data["nearest"] == "case.open"


@pytest.mark.parametrize("method, params, pointer", [
    ("case.fire", {"case": 5, "event": "submit"}, "/case"),
    ("case.fire", {"case": "CR-1", "event": ["submit"]}, "/event"),
    ("case.fire", {"case": "CR-1"}, "/event"),
    ("case.fire", {"case": "CR-1", "event": "submit", "data": "x"}, "/data"),
    ("case.fire", {"case": "CR-1", "event": "submit", "expect": "1"}, "/expect"),
    ("case.fire", {"case": "CR-1", "event": "submit", "evnet": "x"}, "/evnet"),
    ("case.fire", {"case": "CR-1", "event": "submit", "request_id": ""}, "/request_id"),
    ("case.fire", {"case": "CR-1", "event": "submit", "request_id": "x" * 65}, "/request_id"),
    ("case.fire", {"case": "CR-1", "event": "submit", "team": "demo"}, "/team"),
    ("case.open", {"workflow": "change_request", "fields": []}, "/fields"),
    ("case.list", {"limit": 501}, "/limit"),
    ("case.list", {"limit": -1}, "/limit"),
])
def test_wrong_shape_names_the_place(admin, unchanged, refuses, method, params, pointer):
    error = refuses("invalid", admin, method, **params)
    assert error.number == -32602 and error.data["pointer"] == pointer


def test_params_by_position_are_refused(admin, unchanged):
    answer = ask(admin, line({"jsonrpc": "2.0", "id": 9, "method": "case.get",
                              "params": ["CR-1"]}))
    assert answer["id"] == 9 and answer["error"]["code"] == -32602


@pytest.mark.parametrize("fields", [
    {"summary": "x" * 201, "reason": "r"},
    {"summary": 17, "reason": "r"},
    {"summary": "s", "reason": "r", "class": "unheard-of"},
    {"summary": "s", "reason": "r", "cost": 50000},
    {"summary": "s", "reason": "r", "nothing": "of the kind"},
])
def test_value_that_the_workflow_does_not_admit_is_refused(admin, unchanged, refuses, fields):
    error = refuses("invalid", admin, "case.open", workflow="change_request", fields=fields)
    assert error.number == 1004


def test_unknown_things_are_not_found(admin, unchanged, refuses):
    refuses("not_found", admin, "case.get", case="CR-99")
    refuses("not_found", admin, "case.fire", case="CR-99", event="submit")
    for params in ({"workflow": "nothing"}, {"workflow": "change_request", "project": "nothing"}):
        with pytest.raises(signoff.RpcError):
            admin.call("case.open", fields=FIELDS, **params)


def test_event_that_is_not_possible_is_not_now(admin, unchanged, refuses):
    refuses("not_now", admin, "case.fire", case="CR-1", event="accept")
    error = refuses("not_now", admin, "case.fire", case="CR-1", event="sumbit")
    assert "submit" in str(error.data) + error.message
    for engine in ("done.state.draft", "after.x", "approval.deciding.approved"):
        with pytest.raises(signoff.RpcError):
            admin.call("case.fire", case="CR-1", event=engine)


def test_stale_revision_is_a_conflict(admin, refuses):
    rev = admin.call("case.get", case="CR-1")["rev"]
    after = admin.call("case.fire", case="CR-1", event="submit", expect=rev)
    assert after["rev"] == rev + 1
    error = refuses("conflict", admin, "case.fire", case="CR-1", event="accept", expect=rev)
    assert error.number == 1003
    assert admin.call("case.get", case="CR-1")["rev"] == rev + 1


# ---- who is there ----

def test_without_login_only_open_methods_answer(admin, unchanged, refuses):
    with admin.server.connect() as stranger:
        stranger.call("server.ping")
        assert stranger.call("server.info")["deprecated"] == []  # announced there, and in the changelog
        refuses("unauthenticated", stranger, "case.get", case="CR-1")
        refuses("unauthenticated", stranger, "session.login", token="sgn_" + "0" * 64)
        refuses("unauthenticated", stranger, "case.fire", case="CR-1", event="submit")


def test_operator_may_not_fire_and_names_the_team(admin, unchanged, refuses):
    with admin.server.client("operator") as operator:
        refuses("forbidden", operator, "case.fire", case="CR-1", event="submit", team="demo")
        operator.call("person.list", team="demo")
        error = refuses("invalid", operator, "person.list")
        assert error.data["pointer"] == "/team"
        refuses("not_found", operator, "person.list", team="dmeo")


# ---- order, batches, notifications ----

def test_pipelined_requests_take_effect_in_their_order(admin):
    wanted = [("case.fire", {"case": "CR-1", "event": "submit"}), ("case.get", {"case": "CR-1"}),
              ("case.fire", {"case": "CR-1", "event": "return", "comment": "more, please"}),
              ("case.list", {}), ("case.get", {"case": "CR-1"}), ("server.ping", {})]
    ids = [admin.send(method, params) for method, params in wanted]
    answers = [admin.receive() for _ in wanted]
    assert [answer["id"] for answer in answers] == ids
    assert answers[1]["result"]["states"] == ["screening"]
    assert answers[3]["result"]["items"][0]["states"] == ["draft"]
    assert answers[4]["result"]["states"] == ["draft"]


def test_batch_is_its_requests_in_order_and_not_atomic(admin):
    answer = ask(admin, line([
        {"jsonrpc": "2.0", "id": "a", "method": "case.fire",
         "params": {"case": "CR-1", "event": "submit"}},
        {"jsonrpc": "2.0", "method": "case.comment", "params": {"case": "CR-1", "text": "hm"}},
        {"jsonrpc": "2.0", "id": "b", "method": "case.fire",
         "params": {"case": "CR-1", "event": "submit"}},
        5,
        {"jsonrpc": "2.0", "id": "c", "method": "case.get", "params": {"case": "CR-1"}},
    ]))
    by_id = {one["id"]: one for one in answer}
    assert [one["id"] for one in answer] == ["a", "b", None, "c"]
    assert by_id["b"]["error"]["data"]["code"] == "not_now"
    assert by_id[None]["error"]["code"] == -32600
    assert by_id["c"]["result"]["states"] == ["screening"]
    texts = json.dumps(admin.call("case.history", case="CR-1"))
    assert '"hm"' in texts


def test_notifications_are_done_and_not_answered(admin):
    admin.send_bytes(line([{"jsonrpc": "2.0", "method": "server.ping"}]))
    admin.send_bytes(line({"jsonrpc": "2.0", "method": "no.such.method"}))
    admin.send_bytes(line({"jsonrpc": "2.0", "method": "case.fire",
                           "params": {"case": "CR-1", "event": "submit"}}))
    assert admin.call("case.get", case="CR-1")["states"] == ["screening"]


def test_ids_come_back_as_they_were(admin):
    for given in (1, "one", 1.5, None, "", -7, 2 ** 53):
        answer = ask(admin, line({"jsonrpc": "2.0", "id": given, "method": "server.ping"}))
        assert answer["id"] == given and answer["jsonrpc"] == "2.0"


def test_last_line_needs_no_line_end(admin):
    admin.send_bytes(b'{"jsonrpc":"2.0","id":1,"method":"server.ping"}')
    admin.socket.shutdown(1)
    assert "result" in admin.receive()
    assert closed(admin)


def test_a_line_may_come_in_any_pieces(admin):
    data = line({"jsonrpc": "2.0", "id": 3, "method": "case.get", "params": {"case": "CR-1"}})
    for i in range(len(data)):
        admin.socket.sendall(data[i:i + 1])
    assert admin.receive()["result"]["states"] == ["draft"]


# ---- repeated requests ----

def test_repeated_request_id_is_answered_as_before(admin, refuses):
    params = {"case": "CR-1", "event": "submit", "request_id": "r-1"}
    first = admin.call("case.fire", **params)
    assert admin.call("case.fire", **params) == first
    entries = admin.call("case.history", case="CR-1")["items"]
    assert len(entries) == 2
    refuses("conflict", admin, "case.fire", **dict(params, event="accept"))
    # A refused command is not remembered: the same id may be used when it has become possible.
    refuses("not_now", admin, "case.fire", case="CR-1", event="submit", request_id="r-2")
    admin.call("case.fire", case="CR-1", event="return", comment="again")
    admin.call("case.fire", case="CR-1", event="submit", request_id="r-2")


def test_rpc_discover_describes_every_method(admin):
    document = admin.call("rpc.discover")
    names = [method["name"] for method in document["methods"]]
    assert document["openrpc"] and names == sorted(names)
    for name in ("case.open", "case.fire", "session.login", "clock.advance"):
        assert name in names
    assert all(method["summary"] for method in document["methods"])
