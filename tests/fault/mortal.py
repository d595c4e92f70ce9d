# SPDX-License-Identifier: Apache-2.0
"""A server that is expected to die by SIGKILL, and by nothing else. With it comes the module
"signoff" of the examples, which speaks the protocol."""
import os
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "..", "examples", "helpdesk"),
                os.path.join(HERE, "..", "support")]
import signoff  # noqa: E402

START_SECONDS = 60


class Mortal(signoff.Server):
    """Started with libraries preloaded; it may die at any time, while it starts as well."""

    def __init__(self, site, program, clock=None):
        super().__init__(site, program, clock=clock)
        self.begin = 0  # where in its log this start begins

    def preloaded(self):
        """What is added to the environment."""
        return {}

    def spawn(self):
        command = [self.signoff, "serve", self.site, "--listen", "127.0.0.1:0", *self.arguments]
        if self.clock:
            command += ["--clock", self.clock]
            self.clock = None  # the site keeps it from now on
        env = dict(os.environ, **self.preloaded())
        # The preloaded library calls nothing that the sanitizer would have to see first.
        env["ASAN_OPTIONS"] = ":".join(filter(None, [env.get("ASAN_OPTIONS"),
                                                     "verify_asan_link_order=0"]))
        with open(self.log_path, "ab") as log:
            self.begin = log.tell()
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT, env=env)

    def listening(self, seconds=START_SECONDS):
        """Waits for it to listen: True; False when it was killed or the time is over first."""
        give_up = time.monotonic() + seconds
        while time.monotonic() < give_up:
            if self.ready(self.begin):
                return True
            if self.dead():
                return False
            time.sleep(0.002)
        return False

    def dead(self):
        """Has it been killed? To have ended in any other way is a fault."""
        if self.process.poll() is None:
            return False
        if self.process.returncode != -signal.SIGKILL:
            raise RuntimeError("the server ended by itself, with %d:\n%s"
                               % (self.process.returncode, self.log(self.begin)[-4000:]))
        return True

    def complaint(self):
        """What a sanitizer said of this start; None: nothing."""
        said = self.log(self.begin)
        return said[-4000:] if "Sanitizer" in said or "runtime error" in said else None

    def wait_dead(self, seconds):
        try:
            self.process.wait(max(seconds, 0.001))
        except subprocess.TimeoutExpired:
            self.kill()
        self.dead()
        if self.complaint():
            raise RuntimeError("the server complained:\n%s" % self.complaint())
