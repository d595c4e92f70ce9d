# SPDX-License-Identifier: Apache-2.0
"""The site that the matrix of access is played on: two teams that must not know of each other, two
clients of one of them, and things of each kind that some see and others do not."""
import base64
import hashlib
import os

import signoff

UNTIL = "2026-03-01T09:00:00+08:00"
SECRET = "margin-of-fortytwo"  # in internal fields and comments
TEAM = {"ben", "pam", "lead", "operator"}  # the team's own, and who may look at any team
MEMBERS = TEAM - {"operator"}
KEEPERS = {"lead", "operator"}
DEMO = TEAM | {"ann", "amy", "eve"}

FLOW = """return workflow "%(name)s" {
  key = "%(key)s", version = 1, %(client)s
  roles = { "pm", "client", "viewer" }, start = "asked",
  fields = { summary = text { required = true, indexed = true } },
  internal = { margin = text { indexed = true } },
  state "asked" { owner = "pm",
    edit = { pm = "all", client = { "summary" } },
    tasks { task "papers" { by = { "pm", "%(by)s" } }, task "call" { by = "pm" }, done = "agreed" },
    on "note" { by = { "pm", "client" } },
    on "ask" { by = "pm", to = "agreed" } },
  state "agreed" {
    approval { covers = { "summary" }, rule = one_of { "pm", "client" }, approved = "done",
               rejected = "asked" } },
  final "done",
}
"""
# Whoever may do a task is asked, and whoever is asked sees a case of "oneself".
DEMO_FLOWS = (("shared", "SH", 'client = "project",', "client"), ("oneself", "OW", 'client = "own",', "pm"),
              ("backroom", "BR", "", "pm"))
HOOK = 'hook "%s" { scheme = "bearer", by = "%s", does = function(h) return { ignore = "nothing" } end }'
TEAM_LUA = 'return team "%s" { timezone = "Asia/Shanghai", use "communication", use "communication_plan", calendar "%s" ' \
           '{ monday_to_friday = { "09:00-17:00" } }, %s }\n'

# What these callers must never be told, whatever they ask: {text: who may know}.
MARKS = {"xaviera": {"olga"}, "xclient": {"olga"}, "xproject": {"olga"}, "xgroup": {"olga"},
         "xcal": {"olga"}, "xhook": {"olga"}, "xvalve": {"olga"}, "xflow": {"olga"}, "XX-": {"olga"},
         SECRET: TEAM, "backroom": TEAM, "BR-": TEAM,
         "globex-erp": TEAM | {"eve"}, "acme-erp": TEAM | {"ann"}}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)


def prepare(server):
    teams = os.path.join(server.site, "teams")
    for name, key, client, by in DEMO_FLOWS:
        write(os.path.join(teams, "demo", "workflows", name + ".lua"),
              FLOW % {"name": name, "key": key, "client": client, "by": by})
    write(os.path.join(teams, "demo", "team.lua"),
          TEAM_LUA % ("demo", "office", ", ".join(['use "%s"' % f[0] for f in DEMO_FLOWS]
                                                       + [HOOK % (name, "pam") for name in ("inlet", "spent")])))
    write(os.path.join(teams, "elsewhere", "workflows", "xflow.lua"),
          FLOW % {"name": "xflow", "key": "XX", "client": 'client = "project",', "by": "pm"})
    write(os.path.join(teams, "elsewhere", "team.lua"), TEAM_LUA % ("elsewhere", "xcal", ", ".join(
              ['use "xflow"'] + [HOOK % (name, "xaviera") for name in ("xvalve", "xtrickle")])))


def upload(connection, begin_only=False, data=b"hello"):
    begun = connection.call("file.begin", name="a.txt", size=len(data),
                            sha256=hashlib.sha256(data).hexdigest())["upload"]
    if begin_only:
        return begun
    connection.call("file.put", upload=begun, offset=0, data=base64.b64encode(data).decode())
    return connection.call("file.end", upload=begun)["file"]


class World:
    """The site's callers, each with a connection, and items: {kind: [(name, who sees it)]}."""

    def __init__(self, server):
        self.server, self.tokens, self.open = server, {}, []
        self.operator = self.keep(server.client("operator"))
        self.people()
        self.cases()
        self.delegations()
        self.items = self.all_items()
        self.strangers()

    def keep(self, connection):
        self.open.append(connection)
        return connection

    def caller(self, name):
        """A connection of its own; the strangers' were logged in while they could."""
        if name in self.early:
            return self.early[name]
        if name == "nobody":
            return self.keep(self.server.connect())
        if name == "operator":
            return self.keep(self.server.client("operator"))
        return self.keep(self.server.connect(self.tokens[name]["token"]))

    def person(self, team, name, client=None, lead=False):
        more = {"client": client} if client else {"lead": lead}
        self.operator.call("person.create", team=team, person=name, title=name.capitalize(), **more)
        self.tokens[name] = self.operator.call("token.create", team=team, person=name, name="its")
        return self.keep(self.server.connect(self.tokens[name]["token"]))

    def people(self):
        keep = self.operator.call
        keep("client.create", team="elsewhere", client="xclient")
        for client in ("acme", "globex", "ended"):
            keep("client.create", team="demo", client=client)
        for name, lead in (("lead", True), ("pam", False), ("ben", False), ("gone", False)):
            setattr(self, name, self.person("demo", name, lead=lead))
        for name, client in (("ann", "acme"), ("amy", "acme"), ("eve", "globex"), ("emil", "globex")):
            setattr(self, name, self.person("demo", name, client))
        self.closed = self.person("demo", "closed", "ended")
        self.olga = self.person("elsewhere", "olga", lead=True)
        self.xaviera = self.person("elsewhere", "xaviera")
        for team, project, client, members in (
                ("demo", "acme-erp", "acme", (("lead", "pm"), ("pam", "pm"), ("gone", "pm"),
                                              ("ann", "client"))),
                ("demo", "globex-erp", "globex", (("lead", "pm"), ("eve", "client"))),
                ("elsewhere", "xproject", "xclient", (("olga", "pm"), ("xaviera", "pm")))):
            keep("project.create", team=team, project=project, client=client)
            for person, role in members:
                keep("project.member.add", team=team, project=project, person=person, role=role)
        keep("group.create", team="demo", group="desk")
        keep("group.create", team="elsewhere", group="xgroup")
        for team, endpoint in (("demo", "ledger"), ("demo", "doomed"), ("elsewhere", "xhook"),
                               ("elsewhere", "xforlorn")):
            keep("endpoint.add", team=team, endpoint=endpoint, url="https://hook.invalid/")
            keep("endpoint.disable", team=team, endpoint=endpoint)
        for team, hook in (("demo", "spent"), ("elsewhere", "xtrickle")):
            keep("hook.secret", team=team, hook=hook)

    def opened(self, by, workflow, project, **fields):
        return by.call("case.open", workflow=workflow, project=project,
                       fields=dict({"summary": "Add export"}, **fields))["case"]

    def cases(self):
        secret = {"margin": SECRET}
        self.case = {"shared": self.opened(self.lead, "shared", "acme-erp", **secret),
                     "globex": self.opened(self.lead, "shared", "globex-erp", **secret),
                     "anns": self.opened(self.ann, "oneself", "acme-erp"),
                     "leads": self.opened(self.lead, "oneself", "acme-erp", **secret),
                     "internal": self.opened(self.lead, "backroom", "acme-erp", **secret),
                     "foreign": self.opened(self.olga, "xflow", "xproject")}
        for case in ("shared", "globex", "anns", "internal"):
            self.lead.call("case.comment", case=self.case[case], text=SECRET)
        self.file = {name: upload(by) for name, by in
                     (("anns", self.ann), ("secret", self.pam), ("internal", self.pam),
                      ("given", self.pam), ("pams", self.pam), ("anns_own", self.ann),
                      ("foreign", self.olga))}
        for name, by, case, shared in (("anns", self.ann, "shared", None),
                                       ("secret", self.pam, "shared", False),
                                       ("given", self.pam, "shared", True),
                                       ("internal", self.pam, "internal", False)):
            by.call("case.attach", case=self.case[case], file=self.file[name],
                    **({} if shared is None else {"shared": shared}))
        self.upload = {name: upload(by, True) for name, by in
                       (("pam", self.pam), ("ann", self.ann), ("olga", self.olga))}

    def delegations(self):
        def given(by, to):
            return by.call("delegation.set", to=to, until=UNTIL)["id"]
        self.delegation = {"ann": given(self.ann, "amy"), "pam": given(self.pam, "ben")}
        for _ in range(6):
            number = given(self.olga, "xaviera")
            self.olga.call("delegation.end", id=number)
        self.delegation["foreign"] = given(self.olga, "xaviera")
        # Sight that comes with standing in is judged elsewhere: here amy stands in for nobody.
        self.ann.call("delegation.end", id=self.delegation["ann"])
        self.lead.call("clock.advance", by="1 minute")

    def links(self):
        """Of whoever is asked: made by themselves, or for them by their lead."""
        def asked(by, workflow, project):
            case = self.opened(by, workflow, project)
            by.call("case.fire", case=case, event="ask")
            return case
        case, other = asked(self.lead, "shared", "acme-erp"), asked(self.olga, "xflow", "xproject")
        self.secret = {"feed": self.ann.call("calendar.feed.create")["path"]}
        return {"ann": self.lead.call("link.create", case=case, person="ann")["id"],
                "pam": self.pam.call("link.create", case=case)["id"],
                "foreign": self.olga.call("link.create", case=other)["id"]}

    def all_items(self):
        case, file, link = self.case, self.file, self.links()
        feed = {name: by.call("calendar.feed.create")["id"] for name, by in
                (("ann", self.ann), ("pam", self.pam), ("olga", self.olga))}
        message = {name: [m["id"] for m in by.call("inbox.messages")["items"]]
                   for name, by in (("ben", self.ben), ("xaviera", self.xaviera))}
        spare = {name: self.operator.call("token.create", team=team, person=name, name="spare")["id"]
                 for team, name in (("demo", "pam"), ("elsewhere", "olga"))}
        site_token = self.operator.call("token.create", name="spare")["id"]
        sweep = self.operator.call("admin.sweeps")["items"][0]["id"]
        return {
            "case": [(case["shared"], TEAM | {"ann"}), (case["globex"], TEAM | {"eve"}),
                     (case["anns"], TEAM | {"ann"}), (case["leads"], TEAM),
                     (case["internal"], TEAM), (case["foreign"], {"olga"}), ("SH-998", set()),
                     ("QQ-1", set())],
            "file": [(file["anns"], TEAM | {"ann"}), (file["given"], TEAM | {"ann"}),
                     (file["secret"], TEAM), (file["internal"], TEAM), (file["pams"], {"pam"}),
                     (file["foreign"], {"olga"}), (absent(file["pams"]), set())],
            "upload_done": [(file["pams"], {"pam"}), (file["anns_own"], {"ann"}),
                            (file["foreign"], {"olga"}), (absent(file["pams"]), set())],
            "upload": [(self.upload["pam"], {"pam"}), (self.upload["ann"], {"ann"}),
                       (self.upload["olga"], {"olga"}), (absent(self.upload["pam"]), set())],
            "person": [("pam", TEAM), ("ann", TEAM), ("xaviera", {"olga"}), ("yolanda-q", set())],
            "owner": [("pam", MEMBERS), ("xaviera", {"olga"}), ("yolanda-q", set())],
            "stand_in": [("ben", MEMBERS), ("pam", MEMBERS), ("emil", MEMBERS | {"eve"}),
                         ("ann", MEMBERS | {"ann", "amy"}),
                         ("amy", MEMBERS | {"ann", "amy"}), ("eve", MEMBERS | {"eve"}),
                         ("xaviera", {"olga"}), ("yolanda-q", set())],
            "giver": [("ben", {"ben"}), ("xaviera", set()), ("yolanda-q", set())],
            "endpoint": [("ledger", KEEPERS), ("xhook", {"olga"}), ("quibble-q", set())],
            "doomed": [("doomed", KEEPERS), ("xforlorn", {"olga"}), ("quibble-q", set())],
            "hook": [("inlet", KEEPERS), ("xvalve", {"olga"}), ("quibble-q", set())],
            "doomed_hook": [("spent", KEEPERS), ("xtrickle", {"olga"}), ("quibble-q", set())],
            "group": [("desk", TEAM), ("xgroup", {"olga"}), ("zzgroup-q", set())],
            "client": [("acme", TEAM), ("globex", TEAM), ("xclient", {"olga"}), ("zzclient-q", set())],
            "project": [("acme-erp", TEAM), ("globex-erp", TEAM), ("xproject", {"olga"}),
                        ("zzproject-q", set())],
            "filter_project": [("acme-erp", TEAM | {"ann"}), ("globex-erp", TEAM | {"eve"}),
                               ("xproject", {"olga"}), ("zzproject-q", set())],
            "filter_client": [("acme", TEAM | {"ann", "amy"}), ("globex", TEAM | {"eve"}),
                              ("xclient", {"olga"}), ("zzclient-q", set())],
            "filter_person": [("pam", TEAM), ("ann", TEAM | {"ann"}), ("xaviera", {"olga"}),
                              ("yolanda-q", set())],
            "lent_workflow": [({"workflows": ["shared"]}, MEMBERS | {"ann", "amy", "eve"}),
                              ({"workflows": ["backroom"]}, MEMBERS),
                              ({"workflows": ["xflow"]}, {"olga"}),
                              ({"workflows": ["zzflow_q"]}, set())],
            "lent_project": [({"projects": ["acme-erp"]}, MEMBERS | {"ann", "amy"}),
                             ({"projects": ["globex-erp"]}, MEMBERS | {"eve"}),
                             ({"projects": ["xproject"]}, {"olga"}),
                             ({"projects": ["zzproject-q"]}, set())],
            "opens_in": [("acme-erp", MEMBERS | {"ann"}), ("globex-erp", MEMBERS | {"eve"}),
                         ("xproject", {"olga"}), ("zzproject-q", set())],
            "workflow": [("shared", DEMO), ("oneself", DEMO), ("backroom", TEAM), ("xflow", {"olga"}),
                         ("zzflow_q", set())],
            "opens": [("shared", DEMO), ("backroom", TEAM), ("xflow", {"olga"}), ("zzflow_q", set())],
            "calendar": [("office", DEMO), ("xcal", {"olga"}), ("zzcal-q", set())],
            "token": [(spare["pam"], KEEPERS), (spare["olga"], {"olga"}), (site_token, set()),
                      (absent(site_token), set())],
            "own_token": [(spare["pam"], {"pam"}), (spare["olga"], {"olga"}), (site_token, set()),
                          (absent(site_token), set())],
            "link": [(link["ann"], KEEPERS | {"ann"}), (link["pam"], KEEPERS | {"pam"}),
                     (link["foreign"], {"olga"}), (absent(link["ann"]), set())],
            "feed": [(feed["ann"], {"ann"}), (feed["pam"], {"pam"}), (feed["olga"], {"olga"}),
                     (absent(feed["ann"]), set())],
            "sweep": [(sweep, TEAM | {"olga"}), (987654, set())],
            # Numbers are each team's own: olga has these, too.
            "delegation": [(self.delegation["ann"], {"ann", "amy", "lead", "olga"}),
                           (self.delegation["pam"], {"pam", "ben", "lead", "olga"}),
                           (self.delegation["foreign"], {"olga"}), (987654, set())],
            "message": [(message["ben"][0], {"ben"}), (message["xaviera"][-1], {"xaviera"}),
                        (987654, set())],
        }

    def strangers(self):
        """Those who were in, and are not any more."""
        made = {name: self.operator.call("token.create", team="demo", person="pam", name=name, **more)
                for name, more in (("revoked", {}), ("expired", {"expires": "2026-01-05T10:00:00+08:00"}))}
        self.early = {name: self.keep(self.server.connect(token["token"]))
                      for name, token in made.items()}
        self.early.update(gone=self.gone, closed=self.closed)
        self.tokens.update(made)
        self.operator.call("token.revoke", team="demo", id=made["revoked"]["id"])
        self.operator.call("person.update", team="demo", person="gone", active=False)
        self.operator.call("client.update", team="demo", client="ended", active=False)
        self.operator.call("clock.advance", by="1 hour")

    def entries(self):
        """How many each team has: what is refused adds none."""
        return {one["team"]: one["entries"] for one in self.operator.call("admin.teams")["items"]}

    def close(self):
        for connection in self.open:
            connection.close()


def absent(name):
    """A name of the same shape that nothing has."""
    return name[:-4] + "".join("0" if c != "0" else "1" for c in name[-4:])


def serve(folder, binary, **environment):
    server = signoff.Server(os.path.join(folder, "site"), binary,
                            clock="2026-01-05T09:00:00+08:00",
                            arguments=["--http", "127.0.0.1:0"])
    server.environment = dict(os.environ, **environment)
    server.init()
    prepare(server)
    with open(os.path.join(server.site, "signoff.ini"), "a", encoding="ascii") as f:
        f.write("\n[limits]\naddress_login_failures = 1000000\n")  # many fail here on purpose
    return server.start()
