# SPDX-License-Identifier: Apache-2.0
"""Who may call what: the expectations of the matrix, written down by hand from the protocol's rules
and not from the program's rows. A method or a parameter that has no place here fails the matrix.

A row: the classes that a method serves, what a token's scope must hold at least, its parameters
that name something (and what kind of thing), and the values of the others.
"""
import collections

Row = collections.namedtuple("Row", "who scope ids plain how")

# What a person is: which rows serve them. A lead is a member is a person; operators stand apart.
CLASSES = {
    "nobody": {"anyone"}, "revoked": {"anyone"}, "expired": {"anyone"}, "gone": {"anyone"},
    "closed": {"anyone"},  # of a client for whom the team works no more
    "ann": {"anyone", "person"}, "amy": {"anyone", "person"}, "eve": {"anyone", "person"},
    "ben": {"anyone", "person", "member"}, "pam": {"anyone", "person", "member"},
    "lead": {"anyone", "person", "member", "lead"}, "olga": {"anyone", "person", "member", "lead"},
    "operator": {"anyone", "operator"},
}
STRANGERS = ("nobody", "revoked", "expired", "gone", "closed")  # whom logging in would help
SCOPES = ["read", "decide", "write", "admin"]

# Leads and the operator keep the team; the operator keeps the site; persons work on cases, which
# an operator reads and never moves.
KEEPERS, OPERATORS, PERSONS, READERS = "lead operator", "operator", "person", "person operator"
MEMBERS = "member operator"
PAGE = ("cursor", "limit")
# What lists of cases and counts filter by.
FILTERS = {"workflow": "workflow", "project": "filter_project", "client": "filter_client",
           "group": "group", "owner": "filter_person", "opener": "filter_person",
           "waiting_for": "filter_person"}
FILTERED = ("state", "priority", "outcome", "open", "ended", "overdue", "stuck", "version", "imported",
            "text", "fields", "opened_from", "opened_to", "closed_from", "closed_to")


def row(who, scope, ids=None, plain=None, unsaid=(), **how):
    """plain: {parameter: value}; unsaid: parameters that are left out and name nothing.
    how: filter=True: an unknown id is no error; last=True: it ends the connection's session;
    alone=True: its names go one at a time; many=True: they are a list; watch=True: it begins a watch;
    quiet=True: what is there and to which nothing applies is answered as what is not;
    skip: why it is not called here."""
    plain = dict(plain or {})
    plain.update({name: None for name in unsaid})
    return Row(who, scope, dict(ids or {}), plain, how)


CASE = {"case": "case"}
BEHALF = {"case": "case", "on_behalf": "giver"}
WHEN = ("expect",)
DIGEST = "0" * 64

TABLE = {
    "admin.backup": row(OPERATORS, "admin"),
    "admin.backup.end": row(OPERATORS, "admin", plain={"backup": "0" * 32}, unsaid=("kept",)),
    "admin.backup.files": row(OPERATORS, "admin", plain={"backup": "0" * 32}, unsaid=("from",)),
    "admin.backup.read": row(OPERATORS, "admin", plain={"backup": "0" * 32},
                             unsaid=("file", "offset")),
    "admin.nodes": row(OPERATORS, "read", unsaid=PAGE),
    "admin.profile": row(OPERATORS, "read", unsaid=("limit",)),
    "admin.stats": row(OPERATORS, "read"),
    "admin.sweeps": row(OPERATORS, "read", {"sweep": "sweep"}, unsaid=PAGE, filter=True),
    "admin.teams": row(OPERATORS, "read", unsaid=PAGE),
    "approval.preview": row(READERS, "read", CASE),
    "approval.vote": row(PERSONS, "decide", BEHALF, {"choice": "approve", "digest": DIGEST},
                         ("approval", "comment", "round")),
    "approval.withdraw": row(PERSONS, "decide", BEHALF, unsaid=("approval",)),
    "audit.export": row(KEEPERS, "read", unsaid=("from", "limit")),
    "audit.heads": row(OPERATORS, "read", unsaid=PAGE),
    "audit.hold": row(KEEPERS, "admin", CASE, {"reason": "Dispute"}),
    "audit.redact": row(OPERATORS, "admin", None, {"entry": 1, "reason": "Asked to", "dry_run": True},
                        ("part",)),
    "audit.release": row(KEEPERS, "admin", CASE, {"reason": "Settled"}),
    "audit.verify": row(KEEPERS, "read"),
    "calendar.exception.add": row(KEEPERS, "admin", {"calendar": "calendar"},
                                  {"date": "2026-04-06", "reason": "Holiday"}, ("hours",)),
    "calendar.exception.list": row(READERS, "read", {"calendar": "calendar"}, unsaid=PAGE,
                                   filter=True),
    "calendar.exception.remove": row(KEEPERS, "admin", {"calendar": "calendar"},
                                     {"date": "2026-04-07", "reason": "None"}, quiet=True),
    "calendar.explain": row(READERS, "read", {"calendar": "calendar"}, {"duration": "1 day"},
                            ("from", "to")),
    "calendar.feed.create": row(PERSONS, "write", unsaid=("expires",)),
    "calendar.feed.list": row(PERSONS, "read", unsaid=PAGE),
    "calendar.feed.revoke": row(PERSONS, "write", {"id": "feed"}),
    "calendar.get": row(READERS, "read", {"calendar": "calendar"}),
    "calendar.list": row(READERS, "read", unsaid=PAGE),
    "case.allowed": row(PERSONS, "read", BEHALF),
    "case.assign": row("member", "write", {"case": "case", "to": "owner", "on_behalf": "giver"},
                       unsaid=("state",)),
    "case.attach": row(PERSONS, "write", {"case": "case", "file": "upload_done"},
                       unsaid=("field", "comment", "shared", "imported") + WHEN),
    "case.comment": row(PERSONS, "write", CASE, {"text": "hello"}, ("shared", "imported")),
    "case.correct": row("lead", "admin", CASE, {"reason": "wrong", "to": "asked"},
                        ("fields", "shared") + WHEN),
    "case.count": row(READERS, "read", FILTERS, {"names": True}, ("by", "sum") + FILTERED, filter=True, alone=True),
    "case.diagram": row(READERS, "read", CASE, unsaid=("format",)),
    "case.edit": row(PERSONS, "write", BEHALF, {"fields": {"summary": "x"}}, WHEN),
    "case.explain": row(READERS, "read", CASE),
    "case.fire": row(PERSONS, "write", BEHALF, {"event": "note"}, ("data", "comment", "shared") + WHEN),
    "case.get": row(READERS, "read", CASE, {"names": True}, ("approval", "seen")),
    "case.history": row(READERS, "read", CASE, unsaid=PAGE),
    "case.link": row("member", "write", {"case": "case", "other": "case"}, {}, ("kind", "remove")),
    "case.list": row(READERS, "read", FILTERS, {"whole": True, "names": True}, FILTERED + ("sort", "descending") + PAGE,
                     filter=True, alone=True),
    "case.open": row(PERSONS, "write", {"workflow": "opens", "project": "opens_in",
                                        "on_behalf": "giver"},
                     {"fields": {"summary": "Add export"}}, ("comment", "shared", "dry_run", "imported")),
    "case.retry": row("lead", "admin", CASE),
    "certificate.get": row(READERS, "read", CASE, unsaid=("approval", "round", "format", "language")),
    "client.create": row(KEEPERS, "admin", {}, {"client": "fresh"}, ("title", "calendar", "attributes")),
    "client.file": row(MEMBERS, "read", {"client": "client"}, unsaid=("from",)),
    "client.get": row(MEMBERS, "read", {"client": "client"}),
    "client.list": row(MEMBERS, "read", unsaid=PAGE),
    "client.update": row(KEEPERS, "admin", {"client": "client"}, {"title": "Renamed"},
                         ("calendar", "attributes", "active")),
    "clock.advance": row(KEEPERS, "admin", {}, {"by": "1 minute"}, ("to",)),
    "clock.now": row(READERS, "read"),
    "communication.add": row("member", "write", {"about": "case", "project": "project", "client": "client"},
                             {"summary": "Call"},
                             ("kind", "direction", "happened", "contacts", "others", "notes", "agreed", "confirm",
                              "wants_answer", "promise", "promised_for", "holder"), alone=True),
    "communication.list": row(MEMBERS, "read", {"about": "case", "project": "project", "client": "client"}, {"names": True},
                              unsaid=("from",) + PAGE, alone=True),
    "communication.plan": row("member", "write", {"project": "project", "client": "client"}, {"summary": "Weekly"},
                              ("often", "channel", "audience", "speaker"), alone=True),
    "data.import": row(KEEPERS, "admin", {}, {"kind": "client", "rows": [{"client": "fresh"}]},
                       ("dry_run",)),
    "delegation.end": row(PERSONS, "write", {"id": "delegation"}),
    "delegation.list": row(READERS, "read", {"person": "filter_person"}, {"names": True}, ("all",) + PAGE, filter=True),
    "delegation.people": row(PERSONS, "read", unsaid=("person",) + PAGE),
    "delegation.set": row(PERSONS, "write",
                          {"to": "stand_in", "scope": ("lent_workflow", "lent_project")},
                          {"from": "2026-02-01T09:00:00+08:00",
                           "until": "2026-02-02T09:00:00+08:00"},
                          ("person",)),
    "delivery.list": row(KEEPERS, "read", {"endpoint": "endpoint"}, unsaid=("status",) + PAGE,
                         filter=True),
    "delivery.retry": row(KEEPERS, "admin", {"endpoint": "endpoint"}, {"entry": 1}),
    "endpoint.add": row(KEEPERS, "admin", {}, {"endpoint": "fresh", "url": "https://hook.invalid/"},
                        ("format", "kinds", "workflows", "internal", "language", "signature", "secret")),
    "endpoint.disable": row(KEEPERS, "admin", {"endpoint": "endpoint"}),
    "endpoint.enable": row(KEEPERS, "admin", {"endpoint": "endpoint"}),
    "endpoint.get": row(KEEPERS, "read", {"endpoint": "endpoint"}),
    "endpoint.list": row(KEEPERS, "read", unsaid=PAGE),
    "endpoint.remove": row(KEEPERS, "admin", {"endpoint": "doomed"}, quiet=True),
    "endpoint.rewind": row(KEEPERS, "admin", {"endpoint": "endpoint"}, {"from": 1}),
    "endpoint.rotate": row(KEEPERS, "admin", {"endpoint": "endpoint"}, unsaid=("secret", "hours")),
    "endpoint.test": row(KEEPERS, "admin", {"endpoint": "endpoint"}),
    "endpoint.update": row(KEEPERS, "admin", {"endpoint": "endpoint"},
                           unsaid=("url", "kinds", "workflows", "internal", "language")),
    "file.begin": row(PERSONS, "write", {}, {"name": "a.txt", "size": 5, "sha256": DIGEST}, ("type",)),
    "file.end": row(PERSONS, "write", {"upload": "upload"}),
    "file.get": row(READERS, "read", {"file": "file"}, unsaid=("offset", "length")),
    "file.put": row(PERSONS, "write", {"upload": "upload"}, {"offset": 0, "data": "aGVsbG8="}),
    "group.create": row(KEEPERS, "admin", {}, {"group": "fresh"}, ("title",)),
    "group.get": row(KEEPERS, "read", {"group": "group"}),
    "group.list": row(KEEPERS, "read", unsaid=PAGE),
    "group.member.add": row(KEEPERS, "admin", {"group": "group", "person": "person"}, {}, ("lead",)),
    "group.member.remove": row(KEEPERS, "admin", {"group": "group"}, {"person": "nobody-q"}, quiet=True),
    "group.update": row(KEEPERS, "admin", {"group": "group"}, {"title": "Renamed"}),
    "hook.list": row(KEEPERS, "read", unsaid=PAGE),
    "hook.revoke": row(KEEPERS, "admin", {"hook": "doomed_hook"}, quiet=True),
    "hook.secret": row(KEEPERS, "admin", {"hook": "hook"}, unsaid=("secret", "hours")),
    "hook.try": row(KEEPERS, "read", {"hook": "hook"}, {"body": {}}, ("headers",)),
    "inbox.count": row(PERSONS, "read"),
    "inbox.list": row(PERSONS, "read", CASE, {"names": True}, PAGE, filter=True),
    "inbox.messages": row(PERSONS, "read", unsaid=("unread", "newest") + PAGE),
    "inbox.read": row(PERSONS, "decide", {"ids": "message"}, {}, ("all",), filter=True, many=True),
    # For oneself; for somebody else by leads, who could give them a token.
    "link.create": row(PERSONS, "write", CASE, unsaid=("person", "approval", "expires")),
    "link.list": row(READERS, "read", {"case": "case", "person": "filter_person"}, unsaid=PAGE,
                     filter=True, alone=True),
    "link.login": row(KEEPERS, "admin", {"person": "person"}, unsaid=("expires",)),
    "link.revoke": row(READERS, "write", {"id": "link"}),
    "own.get": row(PERSONS, "read"),
    "own.token.list": row(PERSONS, "read", unsaid=PAGE),
    "own.token.revoke": row(PERSONS, "admin", {"id": "own_token"}),
    "own.update": row(PERSONS, "write", {}, {"language": "en", "news": "daily", "daily_at": "08:30"},
                      ("channel", "asked", "reminders", "escalations")),
    "person.create": row(KEEPERS, "admin", {"client": "client"}, {"person": "fresh"},
                         ("title", "lead", "language", "mail", "channel")),
    "person.get": row(KEEPERS, "read", {"person": "person"}),
    "person.load": row(MEMBERS, "read", unsaid=PAGE),
    "person.list": row(KEEPERS, "read", {"client": "client"}, unsaid=PAGE, filter=True),
    "person.update": row(KEEPERS, "admin", {"person": "person"}, {"title": "Renamed"},
                         ("lead", "language", "mail", "channel", "active")),
    "project.create": row(KEEPERS, "admin", {"client": "client", "calendar": "calendar"},
                          {"project": "fresh"},
                          ("title", "currency", "attributes", "begins", "lead", "template")),
    "project.get": row(MEMBERS, "read", {"project": "project"}),
    "project.list": row(MEMBERS, "read", {"client": "client"}, {"health": True}, PAGE, filter=True),
    "project.member.add": row(KEEPERS, "admin", {"project": "project", "person": "person"},
                              {"role": "viewer"}, ("share",)),
    "project.member.remove": row(KEEPERS, "admin", {"project": "project"},
                                 {"person": "nobody-q", "role": "viewer"}, quiet=True),
    "project.overview": row(READERS, "read", {"project": "filter_project"}),
    "project.mine": row(PERSONS, "read", unsaid=PAGE),
    "project.templates": row(MEMBERS, "read"),
    "project.update": row(KEEPERS, "admin", {"project": "project"}, {"title": "Renamed"},
                          ("calendar", "currency", "attributes", "state")),
    "report.get": row(MEMBERS, "read", {"project": "filter_project", "client": "filter_client", "workflow": "workflow"},
                      {"report": "throughput"}, ("group", "from", "to", "format", "table", "language"), filter=True,
                      alone=True),
    "report.list": row(MEMBERS, "read"),
    "rpc.discover": row("anyone", None),
    "schedule.list": row("member operator", "read", unsaid=PAGE),
    "server.health": row("anyone", None),
    "server.info": row("anyone", None),
    "server.ping": row("anyone", None),
    "session.end": row(PERSONS, "read", last=True),
    "session.enter": row("anyone", None, unsaid=("secret", "keep"),
                         skip="what it answers is judged by the tests of signing in"),
    "session.link": row("anyone", None, unsaid=("who",),
                        skip="each call counts as a failed one: judged by the tests of signing in"),
    "session.login": row("anyone", None, unsaid=("token", "language", "or_language"),
                         skip="what it answers is judged by the tests of logins"),
    "session.logout": row(READERS, None, last=True),
    "session.whoami": row(READERS, "read"),
    "task.done": row(PERSONS, "decide", BEHALF, {"task": "papers"}, ("state", "file")),
    "task.undo": row(PERSONS, "decide", BEHALF, {"task": "papers"}, ("state",)),
    "token.create": row(KEEPERS, "admin", {"person": "person"}, {"name": "made"},
                        ("expires", "scope")),
    "token.list": row(KEEPERS, "read", {"person": "person"}, unsaid=PAGE, filter=True),
    "token.revoke": row(KEEPERS, "admin", {"id": "token"}),
    "watch.start": row(READERS, "read", {"case": "case", "workflow": "workflow",
                                         "project": "filter_project"}, {},
                       ("from", "kind", "titles"), filter=True, watch=True),
    "watch.stop": row(READERS, None, unsaid=("watch",), last=True),
    "workflow.check": row("member operator", "read"),
    "workflow.get": row(READERS, "read", {"workflow": "workflow"}, unsaid=("version", "versions")),
    "workflow.graph": row("member operator", "read", {"workflow": "workflow"}, unsaid=("format",)),
    "workflow.list": row(READERS, "read", unsaid=PAGE),
    "workflow.migrate": row("lead", "admin", {"workflow": "workflow"}, {},
                            ("from", "cases", "reason")),
    "workflow.migrations": row(KEEPERS, "read", unsaid=PAGE + ("sweep",)),
    "workflow.rehearse": row("lead", "read", {"workflow": "workflow"}, {}, ("files", "limit")),
    "workflow.reload": row(KEEPERS, "admin"),
}
