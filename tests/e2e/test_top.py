# SPDX-License-Identifier: Apache-2.0
"""signoff top: what it shows on a terminal, by which keys, and what it prints where there is none."""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
import unicodedata

import pytest

GIVE_UP = 60  # seconds
KEYS_EN, KEYS_ZH = "q quits", "q 退出"


class Terminal:
    """A program on a terminal of rows and columns, and what stands on its screen: of the sequences
    those that are used. A line that does not fit is a mistake."""

    def __init__(self, argv, rows=24, columns=80, **environment):
        self.rows, self.columns, self.read = rows, columns, ""
        self.process, self.fd = pty.fork()
        if self.process == 0:
            os.environ.update(environment, TERM="xterm")
            os.execv(argv[0], argv)
        self.resize(rows, columns)

    def resize(self, rows, columns):
        self.rows, self.columns = rows, columns
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.fd, keys.encode())

    def more(self):
        assert select.select([self.fd], [], [], GIVE_UP)[0], self.read[-2000:]
        try:
            self.read += os.read(self.fd, 65536).decode("utf-8", "replace")
        except OSError:  # closed
            return False
        return True

    def until(self, wanted):
        """The first screen, of all that are drawn from now on, of which this is true."""
        end, self.read = time.monotonic() + GIVE_UP, ""
        while time.monotonic() < end and self.more():
            for frame in re.findall(r"\x1b\[H(.*?)\x1b\[J", self.read, re.S):
                screen = self.screen(frame)
                if wanted(screen):
                    return screen
        raise AssertionError("it did not come: %r" % self.read[-2000:])

    def screen(self, frame):
        lines = re.sub(r"\x1b\[[0-9;]*m", "", frame).split("\x1b[K")
        lines = [line.replace("\r\n", "") for line in lines if line.replace("\r\n", "")]
        assert "\x1b" not in "".join(lines) and len(lines) <= self.rows
        for line in lines:
            width = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
            assert width < self.columns, line
        return lines

    def ended(self):
        while self.more():
            pass
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.process, 0)[1])


@pytest.fixture
def busy(server):
    """A server that has something to show."""
    with server.client("mei") as mei:
        mei.call("case.open", workflow="issue", project="acme-erp", fields={"summary": "x"})
    return server


def top(server, *words):
    return [server.signoff, "top", "--site", server.site, "--operator", *words]


def has(text):
    return lambda screen: any(text in line for line in screen)


def test_on_a_terminal(busy):
    terminal = Terminal(top(busy, "--every", "1"), SIGNOFF_LANG="en", NO_COLOR="1")
    shown = terminal.until(has(KEYS_EN))
    assert shown[0].startswith("signoff top") and "connections " in shown[1] and re.match(r"queue \d", shown[2])
    assert any(line.startswith("team ") for line in shown), shown
    assert any(re.match(r"demo +- +- +-", line) for line in shown)  # nothing is measured yet
    terminal.until(lambda screen: any(re.match(r"demo +\d", line) for line in screen))
    assert "\x1b[1m" not in terminal.read and "\x1b[2m" not in terminal.read
    terminal.type("s")
    terminal.until(has("sorts, now by: waits"))
    terminal.type("q")
    assert terminal.ended() == 0
    assert terminal.read.endswith("\x1b[?25h\x1b[?1049l")  # the cursor, and the screen of before


def test_in_chinese_and_in_another_size(busy):
    terminal = Terminal(top(busy), SIGNOFF_LANG="zh")
    shown = terminal.until(has(KEYS_ZH))
    assert "连接" in shown[1] and "一切正常" in shown[0]
    assert "\x1b[1m" in terminal.read  # bold: nobody said NO_COLOR
    terminal.resize(10, 44)
    terminal.rows, terminal.columns = 24, 80  # what is on its way was drawn for these
    small = terminal.until(lambda screen: all(
        sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line) < 44 for line in screen) and len(screen) <= 10)
    assert any("demo" in line for line in small)
    terminal.type("\x03")  # Ctrl-C is the terminal's to turn into a signal
    assert terminal.ended() == 0 and terminal.read.endswith("\x1b[?1049l")


def test_a_server_that_goes_is_said_and_looked_for_again(busy):
    terminal = Terminal(top(busy, "--every", "1"), SIGNOFF_LANG="en")
    terminal.until(has(KEYS_EN))
    assert busy.stop() == 0
    gone = terminal.until(lambda screen: has("signoff.sock")(screen) or has("closed")(screen))
    assert has("demo")(gone)  # what it said last
    busy.start()
    terminal.until(lambda screen: len(screen) < len(gone))
    os.kill(terminal.process, signal.SIGTERM)
    assert terminal.ended() == 0


def test_where_there_is_no_terminal(busy):
    run = dict(text=True, capture_output=True, check=True, timeout=GIVE_UP)
    said = subprocess.run(top(busy, "--every", "0"), **run).stdout
    assert said.startswith("signoff top") and "\x1b" not in said and KEYS_EN not in said
    told = json.loads(subprocess.run(top(busy, "--json", "--every", "1"), **run).stdout)
    assert told["seconds"] >= 1 and told["alarms"] == [] and told["server"]["stuck"] == 0
    (team,) = told["teams"]
    assert team["team"] == "demo" and team["commands"] == 0 and team["deliveries"] == 0
    for words in (["--every", "x"], ["--sort", "size"], ["--every", "-1"]):
        done = subprocess.run(top(busy, *words), text=True, capture_output=True)
        assert done.returncode == 2 and words[0] in done.stderr, done
