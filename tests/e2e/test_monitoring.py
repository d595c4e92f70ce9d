# SPDX-License-Identifier: Apache-2.0
"""examples/monitoring: what its alerts and its dashboard ask for is what a server's /metrics prints."""
import json
import os
import re
import ssl
import subprocess
import urllib.request

import databases as stores
import pytest
from certificates import make_certificate

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "examples", "monitoring")
SAMPLE = re.compile(r"^(signoff_\w+)(?:\{(.*)\})? (-?\d+(?:\.\d+)?)$", re.M)


def alerts():
    """[(name, expression)]"""
    with open(os.path.join(FOLDER, "alerts.yml"), encoding="utf-8") as f:
        return re.findall(r"- alert: (\w+)\n +expr: (.+)\n", f.read())


def panels():
    """[(title, expression)]"""
    with open(os.path.join(FOLDER, "dashboard.json"), encoding="utf-8") as f:
        board = json.load(f)
    return [(panel["title"], target["expr"]) for panel in board["panels"]
            for target in panel.get("targets", [])]


def wanted(expression):
    """[(metric, {label: value})] of an expression, as far as values are said outright."""
    return [(name, dict(re.findall(r'(\w+)="([^"]*)"', labels)))
            for name, labels in re.findall(r"\b(signoff_\w+)(?:\{([^}]*)\})?", expression)]


@pytest.fixture
def printed(make_server, folder):
    """[(metric, {label: value}, figure)] of a server that has all that there may be figures of."""
    def prepare(server):
        make_certificate(server.site, "one")  # for two days, which is an alarm
        with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
            f.write("\n[alarms]\ndisk = 1M\n[net]\ntls_certificate = one.pem\ntls_key = one.key\n")
    server = make_server(os.path.join(folder, "site"), "--demo", prepare=prepare, clock=None,
                         arguments=["--http", "127.0.0.1:0"], start=False)
    server.start()
    socket = os.path.join(server.site, "signoff.sock")
    if not stores.CHOICE:  # PostgreSQL has its own way
        subprocess.run([server.signoff, "backup", os.path.join(folder, "b"), "--server", socket,
                        "--token-file", os.path.join(server.site, "operator.token")],
                       check=True, capture_output=True)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with urllib.request.urlopen("https://127.0.0.1:%d/metrics" % server.http_port,
                                context=context) as page:
        text = page.read().decode()
    assert "rpc.discover" not in text
    found = [(name, dict(re.findall(r'(\w+)="([^"]*)"', labels)), float(figure))
             for name, labels, figure in SAMPLE.findall(text)]
    assert len(found) == len([line for line in text.splitlines() if not line.startswith("#")]) > 40
    return found


def test_each_metric_that_is_asked_for_is_printed(printed):
    asked = [(title, *one) for title, expression in alerts() + panels() for one in wanted(expression)]
    assert len(alerts()) >= 10 and len(panels()) >= 25 and len({name for _, name, _ in asked}) >= 25
    for title, name, labels in asked:
        if stores.CHOICE and name in ("signoff_backup_age_seconds", "signoff_database_log_bytes"):
            continue
        assert any(name == is_name and labels.items() <= is_labels.items()
                   for is_name, is_labels, _ in printed), (title, name, labels)
    for title, expression in alerts() + panels():  # nothing is asked for that this did not look at
        assert wanted(expression) or title == "SignoffDown", title


def test_each_alarm_of_the_server_has_its_alert(printed):
    may_be = {labels["alarm"]: figure for name, labels, figure in printed if name == "signoff_alarm"}
    assert set(may_be) == {"disk", "log", "queue", "certificate", "backup"}  # as server.health says
    assert {name for name, figure in may_be.items() if figure} == {"certificate"}
    alerted = [labels["alarm"] for _, expression in alerts() for name, labels in wanted(expression)
               if name == "signoff_alarm"]
    assert sorted(alerted) == sorted(may_be)
