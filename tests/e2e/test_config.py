# SPDX-License-Identifier: Apache-2.0
"""What a server would go by, told before it starts: signoff serve --check-config, --print-config."""
import json
import os
import socket

import pytest

from commands import rows, run  # noqa: F401


@pytest.fixture
def site(run, folder):
    run("init", "site")
    return os.path.join(folder, "site")


def write(site, text):
    with open(os.path.join(site, "signoff.ini"), "w", encoding="utf-8") as ini:
        ini.write(text)


def everything(site):
    """Every name below it with what it holds and when it was changed."""
    found = {}
    for folder, _, names in os.walk(site):
        found[folder] = os.stat(folder).st_mtime_ns
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                found[os.path.join(folder, name)] = file.read()
    return found


def test_a_fresh_site_is_in_order_and_stays_as_it_is(run, site):
    before = everything(site)
    assert run("serve", "site", "--check-config").stdout == "site: the settings are in order\n"
    assert rows(run("serve", "site", "--check-config", "--json")) == [{"mistakes": []}]
    run("serve", "site", "--print-config")
    assert everything(site) == before


def test_all_mistakes_are_told_at_once_each_where_it_stands(run, site):
    before_line = ["[net]", "listen = 0.0.0.0:7480", "http = nowhere", "tls_key = key.pem", "colour = red", "oops",
                   "[store]", "data = site.key", "url = mysql://u:hidden@db/x", "[limits]", "frame = tiny",
                   "[log]", "access = logs/access.log", "[outbox]", "allow = 10.0.0.0/64", "ports = 0",
                   "[mail]", "server = mail.example", "from = nobody", "ca = ca.pem", "password_file = secret"]
    write(site, "\n".join(before_line))
    os.remove(os.path.join(site, "site.key"))
    before = everything(site)
    done = run("serve", "site", "--check-config", "--json", "--listen", "0.0.0.0:7480", code=1,
               env={"SIGNOFF_LIMITS_BATCH": "0"})
    told = rows(done)[0]["mistakes"]
    places = sorted(m["place"] for m in told)
    ini = [f"site/signoff.ini:{before_line.index(line) + 1}" for line in before_line
           if line.split(" =")[0] in ("tls_key", "colour", "oops", "url", "frame", "access", "allow", "ports", "server",
                                      "from", "ca", "password_file")]
    # --listen alone turns HTTP off, so that its line is no matter; the folder of the database is to be made yet.
    assert places == sorted([*ini, "SIGNOFF_LIMITS_BATCH", "--listen", "site/site.key"]), told
    assert "hidden" not in done.stdout
    assert everything(site) == before
    # The same as text, and in Chinese.
    text = run("serve", "site", "--check-config", code=1).stdout
    assert "site/signoff.ini:5: unknown setting colour in [net]" in text
    assert "site/signoff.ini:3: 'nowhere' is not an address" in text
    assert text.splitlines()[-1] == f"{len(text.splitlines()) - 1} mistakes"
    assert "site/signoff.ini:6: 应为" in run("serve", "site", "--check-config", "--lang", "zh", code=1).stdout
    # A start is refused by the first of them, and says where all are told.
    refused = run("serve", "site", code=1).stderr
    assert "signoff serve site --check-config" in refused and "site/signoff.ini:5" in refused


def test_a_port_that_is_taken_is_not_touched(run, site):
    with socket.create_server(("127.0.0.1", 0)) as other:
        run("serve", "site", "--check-config", "--listen", "127.0.0.1:%d" % other.getsockname()[1])


def test_each_value_is_told_with_its_origin(run, site):
    write(site, "[net]\n\nconnections = 12\n[store]\nurl = postgres://me:geheim@db/signoff\n")
    words = ["serve", "site", "--print-config", "--http", "127.0.0.1:8080"]
    env = {"SIGNOFF_LIMITS_FRAME": "2M"}
    told = {f"{r['section']}.{r['name']}": (r["value"], r["origin"], r["place"])
            for r in rows(run(*words, "--json", env=env))}
    assert told["net.connections"] == ("12", "file", "site/signoff.ini:3")
    assert told["store.url"] == ("postgres://me:***@db/signoff", "file", "site/signoff.ini:5")
    assert told["limits.frame"] == ("2M", "environment", "SIGNOFF_LIMITS_FRAME")
    assert told["net.http"] == ("127.0.0.1:8080", "option", "--http")
    assert told["net.listen"] == ("127.0.0.1:7480", "default", "default")
    reference = rows(run("reference", "settings", "--json"))
    assert sorted(told) == sorted(f"{r['section']}.{r['name']}" for r in reference)
    # The text is itself a file that says the same.
    text = run(*words, env=env).stdout
    assert "geheim" not in text
    write(site, text.replace("***", "geheim"))
    again = {f"{r['section']}.{r['name']}": r["value"] for r in rows(run("serve", "site", "--print-config", "--json"))}
    assert again == {name: value for name, (value, _, _) in told.items()}


def test_the_reference_has_what_a_new_site_has(run, site):
    with open(os.path.join(site, "signoff.ini"), encoding="utf-8") as ini:
        fresh = ini.read()
    told = rows(run("reference", "settings", "--json"))
    assert len(told) > 50
    for setting in told:
        assert f"; {setting['help']}\n;{setting['name']} = {setting['default']}\n" in fresh
        assert setting["variable"] == f"SIGNOFF_{setting['section']}_{setting['name']}".upper()
    chinese = run("reference", "settings", "--lang", "zh").stdout
    assert not [setting["help"] for setting in told if setting["help"] in chinese]
    assert json.dumps(told, ensure_ascii=True)
