# SPDX-License-Identifier: Apache-2.0
"""Files over the protocol: bytes in pieces, kept under their hash, seen by who may see them.

Hashes and base64 come from Python's library; what lies in the data folder is read from the disk.
"""
import base64
import hashlib
import os
import subprocess

import pytest
import signoff
from cases import Case

PIECE = 512 * 1024


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def begin(connection, data, name="report.pdf", type="application/pdf", **more):
    return connection.call("file.begin", name=name, size=len(data), sha256=sha256(data), type=type,
                           **more)


def put(connection, upload, data, offset=0):
    """Pieces from offset on; gives how much is there then."""
    there = offset
    for at in range(offset, len(data), PIECE):
        there = connection.call("file.put", upload=upload, offset=at,
                                data=base64.b64encode(data[at:at + PIECE]).decode())["offset"]
    return there


def upload(connection, data, name="report.pdf", type="application/pdf"):
    begun = begin(connection, data, name, type)["upload"]
    put(connection, begun, data)
    return connection.call("file.end", upload=begun)["file"]


def get(connection, file, **params):
    data, offset = b"", 0
    while offset is not None:
        piece = connection.call("file.get", file=file, offset=offset, **params)
        data += base64.b64decode(piece["data"], validate=True)
        offset = piece["next"]
    assert (piece["size"], piece["sha256"]) == (len(data), sha256(data))
    return data


def kept(server):
    """{hash: bytes} of the data folder; every one is called by its hash."""
    found = {}
    root = os.path.join(server.site, "data", "files")
    for folder in os.listdir(root):
        if folder == "incoming":
            continue
        for name in os.listdir(os.path.join(root, folder)):
            with open(os.path.join(root, folder, name), "rb") as f:
                found[name] = f.read()
            assert name == sha256(found[name]) and folder == name[:2]
    return found


def names_kept(server):
    """Without a look inside: for a server that may be removing them."""
    root = os.path.join(server.site, "data", "files")
    return [name for folder, _, names in os.walk(root) for name in names
            if os.path.basename(folder) != "incoming"]


def incoming(server):
    return os.listdir(os.path.join(server.site, "data", "files", "incoming"))


@pytest.fixture
def request_(people):
    return Case(people, "change_request", "mei", summary="Add export", reason="Auditors ask")


def test_what_was_put_in_pieces_comes_out_again(server, people, request_):
    data = os.urandom(5 * 1024 * 1024 + 321)
    file = upload(people("li"), data)
    assert kept(server) == {sha256(data): data}
    attached = people("li").call("case.attach", case=request_.key, file=file)
    assert attached["case"] == request_.key
    assert get(people("wang"), file) == data
    assert get(people("wang"), file, length=100000) == data
    item, = request_.get()["files"]
    assert item == {"id": file, "name": "report.pdf", "type": "application/pdf",
                    "size": len(data), "sha256": sha256(data), "shared": False}
    entry = request_.history()[-1]
    assert (entry["kind"], entry["files"]) == ("attach", [item])


def test_an_empty_file_is_a_file(people, request_):
    file = upload(people("li"), b"", "empty.txt", "text/plain")
    people("li").call("case.attach", case=request_.key, file=file)
    assert get(people("zhao"), file) == b""


def test_the_same_bytes_lie_there_once(server, people, request_):
    first, second = (upload(people(p), b"the same") for p in ("li", "mei"))
    assert first != second and len(kept(server)) == 1
    people("li").call("case.attach", case=request_.key, file=first)
    people("mei").call("case.attach", case=request_.key, file=second)
    assert [f["id"] for f in request_.get()["files"]] == [first, second]


# ---- who sees what ----

def test_the_client_sees_what_is_shared(people, request_, refuses):
    internal = upload(people("li"), b"our margin", "margin.txt")
    shared = upload(people("li"), b"the offer", "offer.txt")
    theirs = upload(people("mei"), b"our order", "order.txt")
    people("li").call("case.attach", case=request_.key, file=internal)
    people("li").call("case.attach", case=request_.key, file=shared, shared=True)
    people("mei").call("case.attach", case=request_.key, file=theirs, shared=False)

    assert [f["id"] for f in request_.get("mei")["files"]] == [shared, theirs]
    assert [f["id"] for f in request_.get("li")["files"]] == [internal, shared, theirs]
    assert get(people("mei"), shared) == b"the offer"
    assert get(people("li"), theirs) == b"our order"
    refuses("not_found", people("mei"), "file.get", file=internal)
    seen = str(request_.history("mei"))
    assert "margin.txt" not in seen and internal not in seen and "offer.txt" in seen

    people("wang").call("case.attach", case=request_.key, file=internal, shared=True)
    assert get(people("mei"), internal) == b"our margin"


def test_a_file_is_its_uploaders_until_it_is_attached(people, request_, refuses):
    file = upload(people("li"), b"draft")
    assert get(people("li"), file) == b"draft"
    refuses("not_found", people("wang"), "file.get", file=file)
    refuses("not_found", people("mei"), "case.attach", case=request_.key, file=file)
    refuses("not_found", people("wang"), "case.attach", case=request_.key, file=file)
    people("li").call("case.attach", case=request_.key, file=file)
    assert get(people("wang"), file) == b"draft"


def test_a_file_belongs_to_one_case(people, request_, refuses):
    other = Case(people, "change_request", "mei", summary="Another", reason="Too")
    file = upload(people("li"), b"one")
    people("li").call("case.attach", case=request_.key, file=file)
    error = refuses("conflict", people("li"), "case.attach", case=other.key, file=file)
    assert request_.key in error.message


def test_other_peoples_uploads_are_not_there(people, refuses):
    begun = begin(people("li"), b"hello")["upload"]
    for method, more in (("file.put", {"offset": 0, "data": "aGVsbG8="}), ("file.end", {})):
        refuses("not_found", people("wang"), method, upload=begun, **more)
        refuses("not_found", people("mei"), method, upload=begun, **more)


# ---- what is refused ----

@pytest.mark.parametrize("said,shown", [
    ("../../../etc/passwd", "passwd"), ("..", "file"), ("/", "file"), ("C:\\tmp\\a.txt", "a.txt"),
    ("a\nb\x1b[31m.txt", "ab[31m.txt"), ("gnp\u202efdp.exe", "gnpfdp.exe"),
    ("报告.pdf", "报告.pdf"), ("é" * 200, "é" * 127), ("~/.ssh/authorized_keys", "authorized_keys"),
])
def test_names_lead_nowhere(server, people, said, shown):
    file = upload(people("li"), b"x", said)
    piece = people("li").call("file.get", file=file)
    assert piece["name"] == shown
    assert list(kept(server)) == [sha256(b"x")]


@pytest.mark.parametrize("id", ["../../signoff.db", "..", "%2e%2e", "/etc/passwd", "x" * 32,
                                "0" * 32, sha256(b"x"), sha256(b"x")[:2] + "/" + sha256(b"x")])
def test_ids_lead_nowhere(people, refuses, id):
    upload(people("li"), b"x")
    refuses("not_found", people("li"), "file.get", file=id)
    if len(id) <= 32:
        refuses("not_found", people("li"), "file.put", upload=id, offset=0, data="eA==")
        refuses("not_found", people("li"), "file.end", upload=id)


def test_wrong_bytes_are_no_file(server, people, refuses):
    li = people("li")
    begun = begin(li, b"hello world")["upload"]
    assert refuses("invalid", li, "file.end", upload=begun).data["offset"] == 0
    error = refuses("conflict", li, "file.put", upload=begun, offset=5, data="IHdvcmxk")
    assert error.data["offset"] == 0
    put(li, begun, b"hello w0rld")
    error = refuses("invalid", li, "file.end", upload=begun)
    assert error.data["sha256"] == sha256(b"hello w0rld")
    refuses("invalid", li, "file.put", upload=begun, offset=11, data="eA==")
    refuses("invalid", li, "file.put", upload=begun, offset=0, data="not base64")
    refuses("invalid", li, "file.put", upload=begun, offset=0, data="A" * 699056)  # 512 KiB and 4 bytes
    assert kept(server) == {}
    put(li, begun, b"hello world", 6)  # what is there may be written once more
    assert li.call("file.put", upload=begun, offset=0,
                   data=base64.b64encode(b"hello world").decode())["offset"] == 11
    assert get(li, li.call("file.end", upload=begun)["file"]) == b"hello world"


def test_what_a_file_is_must_be_said_properly(people, refuses):
    good = {"name": "a", "size": 1, "sha256": sha256(b"a"), "type": "text/plain"}
    for wrong, code in (({"sha256": "A" * 64}, "invalid"), ({"sha256": "a"}, "invalid"),
                        ({"type": "text"}, "invalid"), ({"type": "text/plain; charset=x"}, "invalid"),
                        ({"type": "a/b\r\nX: y"}, "invalid"), ({"size": -1}, "invalid"),
                        ({"size": 100 * 1024 * 1024 + 1}, "too_large"), ({"name": ""}, "invalid")):
        error = refuses(code, people("li"), "file.begin", **{**good, **wrong})
        assert error.data["pointer"] == "/" + next(iter(wrong))
    assert people("li").call("server.info")["limits"]["file_bytes"] == 100 * 1024 * 1024


def test_an_operator_uploads_nothing(server, refuses):
    with server.connect(server.token("operator")) as operator:
        refuses("forbidden", operator, "file.begin", team="demo", name="a", size=1,
                sha256=sha256(b"a"))


def test_a_team_has_so_much_room(make_server, folder, refuses):
    def prepare(server):
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="utf-8") as f:
            f.write("\n[limits]\nteam_files = 1M\n")
    server = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare)
    data = os.urandom(700 * 1024)
    with server.client("li") as li, server.client("wang") as wang:
        begun = begin(li, data)["upload"]
        refuses("too_large", wang, "file.begin", name="a", size=400 * 1024, sha256=sha256(b"a"))
        put(li, begun, data)
        li.call("file.end", upload=begun)
        error = refuses("too_large", wang, "file.begin", name="a", size=400 * 1024,
                        sha256=sha256(b"a"))
        assert "331776" in error.message  # 1 MiB - 700 KiB
        li.call("clock.advance", by="25 hours")  # never attached: it goes, and gives its room back
        for _ in range(5000):  # in the server's own good time
            li.call("server.ping")
            if not names_kept(server):
                break
        assert names_kept(server) == []
        refuses("not_found", li, "file.get", file=begun)
        assert begin(wang, b"a" * 400 * 1024)["offset"] == 0


# ---- again, and after a crash ----

def test_requests_may_be_repeated(people, refuses):
    li = people("li")
    first = begin(li, b"hello", request_id="b")
    put(li, first["upload"], b"hello")
    assert begin(li, b"hello", request_id="b") == {**first, "offset": 5}
    refuses("conflict", li, "file.begin", name="other", size=5, sha256=sha256(b"hello"),
            request_id="b")
    ended = li.call("file.end", upload=first["upload"], request_id="e")
    assert li.call("file.end", upload=first["upload"], request_id="e") == ended
    assert li.call("file.end", upload=first["upload"])["file"] == ended["file"]
    refuses("not_found", li, "file.put", upload="1" * 32, offset=0, data="eA==")


def test_pieces_sent_without_waiting_keep_their_order(people):
    li = people("li")
    data = os.urandom(20 * 50000)
    begun = begin(li, data)["upload"]
    for at in range(0, len(data), 50000):
        li.send("file.put", {"upload": begun, "offset": at,
                             "data": base64.b64encode(data[at:at + 50000]).decode()})
    li.send("file.end", {"upload": begun})
    li.send("file.get", {"file": begun, "length": 10})
    answers = [li.receive() for _ in range(22)]
    assert [a["result"]["offset"] for a in answers[:20]] == list(range(50000, len(data) + 1, 50000))
    assert answers[20]["result"]["sha256"] == sha256(data)
    assert base64.b64decode(answers[21]["result"]["data"]) == data[:10]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_an_upload_goes_on_after_a_restart(server, end):
    data = os.urandom(3 * PIECE + 5)
    with server.client("li") as li:
        begun = begin(li, data)["upload"]
        assert put(li, begun, data[:2 * PIECE]) == 2 * PIECE
    getattr(server, end)()
    server.start()
    with server.client("li") as li:
        with pytest.raises(signoff.RpcError) as caught:
            li.call("file.put", upload=begun, offset=3 * PIECE, data="eA==")
        assert caught.value.data["offset"] == 2 * PIECE
        assert put(li, begun, data, 2 * PIECE) == len(data)
        file = li.call("file.end", upload=begun)["file"]
        assert get(li, file) == data


def test_a_file_that_ended_outlives_a_kill(server, people):
    case = Case(people, "change_request", "mei", summary="Add export", reason="Auditors ask").key
    file = upload(people("li"), b"signed")
    server.kill()
    assert set(incoming(server)) <= {file + ".json"}
    server.start()
    with server.client("li") as li:
        li.call("case.attach", case=case, file=file)
        assert get(li, file) == b"signed"
        li.call("clock.advance", by="3 days")
        for _ in range(200):
            li.call("case.get", case=case)
        assert get(li, file) == b"signed"
    assert list(kept(server)) == [sha256(b"signed")] and incoming(server) == []


def verify(server):
    return subprocess.run([server.signoff, "verify", server.site], capture_output=True, text=True)


def test_verify_looks_at_the_bytes(server, people, request_, refuses):
    for data in (b"first", b"second"):
        file = upload(people("li"), data)
        people("li").call("case.attach", case=request_.key, file=file)
    assert people("li").call("audit.verify")["files"] == 2
    path = os.path.join(server.site, "data", "files", sha256(b"second")[:2], sha256(b"second"))
    os.chmod(path, 0o600)
    with open(path, "wb") as f:
        f.write(b"sECOND")
    error = refuses("invalid", people("li"), "audit.verify")
    assert request_.key in error.message and sha256(b"second") in error.message
    server.stop()
    found = verify(server)
    assert found.returncode != 0 and sha256(b"second") in found.stderr
    os.unlink(path)
    assert "missing" in verify(server).stderr
    with open(path, "wb") as f:
        f.write(b"second")
    found = verify(server)
    assert found.returncode == 0 and "2 files" in found.stdout
    server.start()


# ---- the command line ----

def test_the_command_line_puts_and_gets(server, people, request_, folder):
    def run(*words, code=0, person="li"):
        done = subprocess.run([server.signoff, *words, "--site", server.site, "--as", person],
                              cwd=folder, capture_output=True, timeout=120)
        assert done.returncode == code, done.stderr
        return done.stdout.decode()

    data = os.urandom(PIECE + 17)
    with open(os.path.join(folder, "offer.pdf"), "wb") as f:
        f.write(data)
    said = run("file", "put", request_.key, "offer.pdf", "--shared", "--comment", "Our offer")
    file = said.split()[0]
    entry = request_.history("mei")[-1]
    assert entry["comment"] == "Our offer" and entry["files"][0]["type"] == "application/pdf"
    page = run("case", "show", request_.key, person="mei")
    assert "offer.pdf" in page and file in page
    assert "internal" not in page

    error = run("file", "get", file, code=1)  # it is there already, and stays as it is
    assert error == ""
    os.unlink(os.path.join(folder, "offer.pdf"))
    assert "offer.pdf" in run("file", "get", file, person="mei")
    run("file", "get", file, "copy.bin")
    for name in ("offer.pdf", "copy.bin"):
        with open(os.path.join(folder, name), "rb") as f:
            assert f.read() == data
    done = subprocess.run([server.signoff, "file", "get", file, "-", "--site", server.site, "--as",
                           "li"], capture_output=True, timeout=120)
    assert done.stdout == data

    own = upload(people("li"), b"later", "later.txt", "text/plain")
    run("case", "attach", request_.key, own)
    assert [f["id"] for f in request_.get()["files"]] == [file, own]
    run("file", "put", "CR-99", "copy.bin", code=1)
    run("file", "put", request_.key, "nowhere.bin", code=1)
