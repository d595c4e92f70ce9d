# SPDX-License-Identifier: Apache-2.0
"""What the story is played on: a site with its server on virtual time, people who do things, and a
diary of what the product says to each of them, on Mondays, on Fridays and at the end."""
import base64
import datetime
import hashlib
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "helpdesk"))
import signoff  # noqa: E402

TEAM, PROJECT, CLIENT = "studio", "yuanhang-wms", "yuanhang"
START = "2026-03-02T09:00:00+08:00"
ZONE = datetime.timezone(datetime.timedelta(hours=8))  # Shanghai, which has no summer time

# Who they are, and what they are in the project. One person may be several things.
OURS = {
    "li": ({"en": "Li Ting", "zh": "李婷"}, ("pm",)),
    "sun": ({"en": "Sun Hao", "zh": "孙浩"}, ("engineer",)),
    "wang": ({"en": "Wang Lei", "zh": "王磊"}, ("engineer", "ccb")),
    "fang": ({"en": "Fang Min", "zh": "方敏"}, ("finance", "support", "ccb")),
    "zhao": ({"en": "Zhao Jun", "zh": "赵军"}, ("sponsor",)),
}
SHARES = {"li": 60, "sun": 80, "wang": 40, "fang": 20, "zhao": 5}  # of their working time, in percent
THEIRS = {
    "mei": ({"en": "Mei Lin", "zh": "林梅"}, ("client",)),
    "tom": ({"en": "Tom Guo", "zh": "郭涛"}, ("client",)),
}


def moment(text):
    """moment("2026-03-02 09:30"), in Shanghai."""
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


class Surprise(Exception):
    """The product did not do what the story says that it does."""


class Case:
    """One case, and what people do to it. Every deed tells what it must lead to (then)."""

    def __init__(self, stage, key, workflow, states):
        self.stage, self.key, self.workflow, self.states = stage, key, workflow, states

    def do(self, who, method, then, **params):
        answer = self.stage.people[who].call(method, case=self.key, **params)
        self.states = answer["states"]
        if then is not None:
            self.must_be(*then)
        return self

    def must_be(self, *states):
        if self.states != list(states):
            raise Surprise("%s: %s is in %s and not in %s"
                           % (self.stage.now, self.key, self.states, list(states)))

    def fire(self, who, event, then=None, comment=None, shared=None, **data):
        params = {"event": event}
        if data:
            params["data"] = data
        if comment:
            params["comment"] = comment
        if shared is not None:
            params["shared"] = shared
        return self.do(who, "case.fire", then, **params)

    def refused(self, who, event, why):
        """They try it, and are told why not."""
        try:
            self.fire(who, event)
        except signoff.RpcError as error:
            if why not in error.message:
                raise Surprise("%s is refused, but not because of %r: %s" % (event, why, error.message)) from None
        else:
            raise Surprise("%s: %s was possible" % (self.key, event))

    def edit(self, who, **fields):
        return self.do(who, "case.edit", None, fields=fields)

    def task(self, who, task):
        return self.do(who, "task.done", None, task=task)

    def comment(self, who, text, shared=False):
        self.stage.people[who].call("case.comment", case=self.key, text=text, shared=shared)
        return self

    def attach(self, who, name, data):
        """A file, put up and attached for the client to see. Gives its id."""
        file = self.stage.upload(who, name, data)
        self.stage.people[who].call("case.attach", case=self.key, file=file, shared=True)
        return file

    def vote(self, who, choice, then=None, comment=None, on_behalf=None):
        """As a person does: looks at what is asked, and answers to that; or for somebody who is away."""
        seen = self.get(who)["approvals"][0]
        params = {"approval": seen["approval"], "choice": choice, "digest": seen["digest"]}
        if on_behalf:
            params["on_behalf"] = on_behalf
            params["digest"] = {one["person"]: one["digest"] for one in seen["on_behalf"]}[on_behalf]
        if comment:
            params["comment"] = comment
        return self.do(who, "approval.vote", then, **params)

    def get(self, who="li"):
        return self.stage.people[who].call("case.get", case=self.key)

    def look(self, then=None):
        """Where it has got to by itself."""
        seen = self.get()
        self.states = seen["states"]
        if then is not None:
            self.must_be(*then)
        return seen

    def history(self, who="li"):
        """Its entries, oldest first."""
        return self.stage.people[who].call("case.history", case=self.key, limit=500)["items"][::-1]

    def opened(self, workflow):
        """The case of that workflow that this one has opened."""
        for link in self.get()["linked_from"]:
            case = self.stage.found(link["case"])
            if link["kind"] == "opened_by" and case.workflow == workflow:
                return case
        raise Surprise("%s has opened no %s" % (self.key, workflow))


class Stage:
    def __init__(self, folder, program="signoff", language="en", say=lambda text: None):
        self.folder, self.program, self.language, self.say = folder, program, language, say
        self.site, self.diary = os.path.join(folder, "site"), os.path.join(folder, "diary")
        self.server = signoff.Server(self.site, program, clock=START)
        self.people, self.tokens, self.cases, self.pages = {}, {}, {}, 0
        self.now = moment("2026-03-02 09:00")

    # ---- before the first day ----

    def set_up(self):
        os.makedirs(self.diary)
        self.server.init()
        shutil.rmtree(os.path.join(self.site, "teams", "demo"))
        shutil.copytree(os.path.join(HERE, "teams", TEAM), os.path.join(self.site, "teams", TEAM))
        self.server.start()
        with self.server.client("operator") as operator:
            self.enter(operator, "boss", {"en": "Studio's lead", "zh": "工作室负责人"}, lead=True)
        boss = self.people["boss"]
        boss.call("client.create", client=CLIENT, calendar="office",
                  title={"en": "Yuanhang Logistics", "zh": "远航物流"})
        for name, (title, _) in OURS.items():
            self.enter(boss, name, title)
        for name, (title, _) in THEIRS.items():
            self.enter(boss, name, title, client=CLIENT)
        boss.call("project.create", project=PROJECT, client=CLIENT, calendar="office",
                  title={"en": "Warehouse on scanners", "zh": "仓库扫码系统"})
        for name, (_, roles) in {**OURS, **THEIRS}.items():
            for role in roles:
                share = {"share": SHARES[name]} if name in SHARES and role == roles[0] else {}
                boss.call("project.member.add", project=PROJECT, person=name, role=role, **share)

    def enter(self, by, name, title, **more):
        """A person, with a token and a connection."""
        team = {"team": TEAM} if name == "boss" else {}
        by.call("person.create", person=name, title=title[self.language], language=self.language,
                **team, **more)
        self.tokens[name] = by.call("token.create", person=name, name="story", **team)["token"]
        self.people[name] = self.server.connect(self.tokens[name])

    def close(self):
        for person in self.people.values():
            person.close()
        return self.server.stop()

    # ---- time ----

    def at(self, text):
        """Lives until then, and writes the diary of the Mondays and Fridays on the way."""
        until = moment(text)
        while (page := self.next_page()) and page[0] <= until:
            self.advance(page[0])
            page[1]()
        self.advance(until)

    def advance(self, until):
        if until < self.now:
            raise Surprise("%s comes after %s" % (until, self.now))
        if until > self.now:
            self.people["boss"].call("clock.advance", to=until.isoformat())
        self.now = until

    def next_page(self):
        """The next Monday 09:05 or Friday 17:55 that has no page: its time and its writer."""
        for days in range(0, 8):
            day = self.now.date() + datetime.timedelta(days=days)
            for weekday, hour, minute, writer in ((0, 9, 5, self.monday), (4, 17, 55, self.friday)):
                when = datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)
                if day.weekday() == weekday and when > self.now:
                    return when, writer
        return None

    # ---- cases ----

    def open(self, who, workflow, then=None, **fields):
        answer = self.people[who].call("case.open", workflow=workflow, project=PROJECT, fields=fields)
        case = self.cases[answer["case"]] = Case(self, answer["case"], workflow, answer["states"])
        if then is not None:
            case.must_be(*then)
        return case

    def found(self, key):
        """A case that something else has opened."""
        if key not in self.cases:
            seen = self.people["li"].call("case.get", case=key)
            self.cases[key] = Case(self, key, seen["workflow"], seen["states"])
        return self.cases[key]

    def listed(self, workflow, who="li", **more):
        return self.people[who].call("case.list", workflow=workflow, project=PROJECT, limit=200,
                                     **more)["items"]

    def last(self, workflow):
        """The youngest case of a workflow: what the schedule has opened."""
        return self.found(max((item["case"] for item in self.listed(workflow)),
                              key=lambda key: int(key.split("-")[1])))

    def called(self, who, about, whom):
        """A call with the client, noted in the record."""
        self.people[who].call("communication.add", project=PROJECT, kind="call", summary=about, contacts=[whom])

    def upload(self, who, name, data):
        person = self.people[who]
        begun = person.call("file.begin", name=name, size=len(data), type="application/pdf",
                            sha256=hashlib.sha256(data).hexdigest())["upload"]
        person.call("file.put", upload=begun, offset=0, data=base64.b64encode(data).decode())
        return person.call("file.end", upload=begun)["file"]

    # ---- the diary ----

    def cli(self, who, *words):
        """What the command line prints to that person."""
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith("SIGNOFF_")}
        environment.update(SIGNOFF_TOKEN=self.tokens[who], SIGNOFF_SITE=self.site,
                           SIGNOFF_LANG=self.language, XDG_CONFIG_HOME=self.folder)
        done = subprocess.run([self.program, *words], capture_output=True, text=True,
                              env=environment)
        if done.returncode != 0:
            raise Surprise("signoff %s: %s%s" % (" ".join(words), done.stdout, done.stderr))
        return done.stdout

    def write(self, name, parts):
        """A page: for each part who reads it, and what they typed."""
        self.pages += 1
        path = os.path.join(self.diary, "%02d-%s-%s.txt" % (self.pages, self.now.date(), name))
        with open(path, "w", encoding="utf-8") as page:
            for who, words in parts:
                page.write("%s$ signoff %s\n" % (who, " ".join(words)))
                page.write(self.cli(who, *words) + "\n")
        return path

    def monday(self):
        self.say(self.now.strftime("%Y-%m-%d"))
        self.write("monday", [("boss", ["project", "list", "--health"]),
                              *((who, ["inbox"]) for who in (*OURS, *THEIRS))])

    def friday(self):
        self.write("friday", [("li", ["project", "show", PROJECT]),
                              ("li", ["report", "summary", "--project", PROJECT]),
                              ("li", ["case", "list", "--project", PROJECT]),
                              ("mei", ["case", "list", "--project", PROJECT])])

    def the_end(self):
        """What is left to keep: the project as it ended, what was agreed to as certificates, and the
        proof that nothing of it was touched."""
        self.write("end", [("li", ["report", "project_end", "--project", PROJECT]),
                           ("li", ["case", "list", "--project", PROJECT, "--sort", "opened"]),
                           ("li", ["case", "history", "CH-1"]), ("mei", ["case", "history", "AC-1"])])
        for name, words in (("project_end", ["--project", PROJECT]), ("client_year", ["--client", CLIENT])):
            with open(os.path.join(self.diary, name + ".html"), "w", encoding="utf-8") as page:
                page.write(self.cli("boss", "report", name, *words, "--format", "html"))
        for key in ("CH-1", "CR-1", "AC-1", "CO-1"):
            path = os.path.join(self.diary, key.lower() + ".html")
            self.cli("mei", "certificate", key, "--output", path)
            self.cli("mei", "verify", path)
