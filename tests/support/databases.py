# SPDX-License-Identifier: Apache-2.0
"""Which store the servers of end-to-end tests run on: SIGNOFF_TEST_STORE.

    (unset)      SQLite, in the site's folder
    postgres     a PostgreSQL of the run's own, see postgres.py
    FILE         the PostgreSQL whose address stands in FILE, as "postgres.py start" leaves it

Each server has a database of its own, which its signoff.ini names.
"""
import os
import secrets
import subprocess

from postgres import Postgres, programs

CHOICE = os.environ.get("SIGNOFF_TEST_STORE", "")


class Databases:
    """with Databases() as databases: databases.give(site)"""

    def __init__(self):
        self.own, self.base = None, None

    def __enter__(self):
        if CHOICE == "postgres":
            self.own = Postgres()
            self.base = self.own.__enter__().url()
        elif CHOICE:
            with open(CHOICE, encoding="ascii") as f:
                self.base = f.read().strip()
        return self

    def __exit__(self, *unused):
        if self.own is not None:
            self.own.__exit__()

    def sql(self, text):
        done = subprocess.run([os.path.join(programs(), "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1",
                               "-c", text, self.base],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError("%s: %s" % (text, done.stderr))
        return done.stdout.strip()

    def make(self):
        name = "e2e_" + secrets.token_hex(8)
        self.sql("CREATE DATABASE " + name)
        return name

    def give(self, site):
        """Makes a database and lets the site's settings name it; its name, None on SQLite."""
        if self.base is None:
            return None
        name = self.make()
        with open(os.path.join(site, "signoff.ini"), "a", encoding="utf-8") as ini:
            ini.write("\n[store]\nurl = %s/%s\n" % (self.base.rsplit("/", 1)[0], name))
        return name

    def drop(self, name):
        """The server is gone; PostgreSQL waits some seconds for what is left of its connections."""
        if name is not None:
            self.sql("DROP DATABASE " + name)
