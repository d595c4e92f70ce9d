-- SPDX-License-Identifier: Apache-2.0
-- What a function is given, one row a member: its name, its type as editors write it ("?": may be
-- nil), what it is. From here come what case.lua lets a function ask for, the reference and the
-- annotations.
local P = ...

P.members = {
  c = {
    { "key", "string", "its key, \"CR-1\"" }, { "workflow", "string", "its workflow" },
    { "version", "integer", "the version it runs under" }, { "now", "any", "the time of the command" },
    { "owner", "string?", "the owner, the first in document order" }, { "opener", "string", "who opened it" },
    { "outcome", "string?", "how it ended" }, { "rev", "integer", "how often it changed" },
    { "fields", "table<string, any>", "its fields, and priority; an unknown one is a mistake" },
    { "people", "table<string, string[]>", "who holds a role: c.people.pm" },
    { "project", "table?", "its project: key, client, title, and its attributes" },
    { "ballots", "table[]", "ballots of its rounds" }, { "tasks", "table[]", "its checklist" },
    { "is_in", "fun(self, state: string): boolean", "is that state active?" },
    { "visits", "fun(self, state: string): integer", "how often it was entered" },
    { "set", "fun(self, field: string, value: any)", "changes a field; nil empties it" },
    { "emit", "fun(self, event: string, data?: table)", "an internal event of this macrostep" },
    { "send", "fun(self, event: string, options: { after: string, data?: table, id?: string })",
      "an event to this case later" },
    { "cancel", "fun(self, id: string)", "takes back what was sent" },
    { "assign", "fun(self, to: signoff.Who)", "gives it to somebody" },
    { "priority", "fun(self, level: string)", "low normal high urgent, up or down; c.fields.priority reads it" },
    { "remind", "fun(self, to: signoff.Who)", "reminds people" },
    { "notify", "fun(self, to: signoff.Who|signoff.Channel, template?: string, values?: table)", "tells people or a channel" },
    { "open", "fun(self, workflow: string, fields?: table, opener?: string)",
      "opens another case, linked to this one; opener is whose it is: c.opener, e.by" },
    { "fire", "fun(self, key: string, event: string, data?: table)", "fires an event of another case" },
  },
  e = {
    { "name", "string", "its name" }, { "by", "string", "who fired it" },
    { "on_behalf", "string?", "for whom" }, { "data", "table<string, any>", "what it carries: e.data.amount" },
    { "comment", "string?", "what was said" }, { "at", "any", "when" },
  },
  h = {
    { "body", "any", "what was sent, its JSON; a number with a fraction is text" },
    { "headers", "table<string, string>", "headers of it that begin with x-, webhook- or ce-, in small letters, without signatures" },
  },
  -- What a hook's function returns; "beside": the keys that it may stand with.
  does = {
    { "fire", "string?", "the event that is fired" },
    { "open", "string?", "the workflow of which a case is opened" },
    { "comment", "string?", "what is said: by itself, or with fire or open", beside = "fire open" },
    { "ignore", "string?", "why nothing is done" },
    { "case", "any", "its key, or what the one open case has: { workflow = \"issue\", ticket = \"PROJ-12\" }", beside = "fire comment" },
    { "data", "table?", "what the event carries", beside = "fire" },
    { "fields", "table?", "what the case is opened with", beside = "open" },
    { "project", "string?", "where it is opened, when the team has several", beside = "open" },
    { "shared", "boolean?", "may the client read the comment?", beside = "fire open comment" },
    { "otherwise", "signoff.Does?", "what is done when no open case has these values", beside = "fire comment" },
  },
  -- What a workflow may say that it is for, and what is read of its cases; model/purpose.c has the same words.
  serves = {
    { "charter", "budget, goals, milestones, baseline, change, signed_on",
      "what the project is held to: the newest that did not end as cancelled; a baseline is an entry that sets its number" },
    { "milestone", "planned, agreed", "the timeline: confirming while a state of that name is active; ended as dropped, or reached" },
    { "budget", "total, spent", "what was granted, and what is used of it: all of them together" },
    { "change_request", "cost, days", "what it costs: agreed to from a state implementing, verifying, reviewing or archiving on, or when it ended as implemented" },
    { "closeout", "", "what the project's end still waits for: the newest that did not end as cancelled" },
    { "survey", "answers: each with csat", "how content the client is: the newest that has answers" },
    { "issue", "", "overdue_issues, a figure of health" },
    { "complaint", "summary, answer", "complaints, a figure of health, while they are open; a row of a project's report each" },
    { "feedback", "summary, answer", "a row of a project's report each, with the complaints" },
    { "acceptance", "deliverable, reservations", "a row of a project's report each" },
    { "risk", "summary, plan", "a row of a project's report each" },
    { "lesson", "summary, recommendation", "a row of a project's report each" },
    { "improvement", "summary, effect", "a row of a project's report each" },
  },
  -- Figures of a project, as the limits of health name them; model/health.c counts by the same names.
  health = {
    { "overdue", "signoff.Op?", "open cases of the project that are past their time" },
    { "overdue_issues", "signoff.Op?", "of them those of workflows that serve as issue" },
    { "late_milestones", "signoff.Op?", "open milestones whose day has passed, but for those that are being confirmed" },
    { "slipped_milestones", "signoff.Op?", "open milestones that have a later day than was agreed first" },
    { "budget_used", "signoff.Op?", "percent of its budgets that are spent, rounded up to a tenth" },
    { "silence", "signoff.Op?", "whole days since the client was last heard from, or a contact with it noted" },
    { "complaints", "signoff.Op?", "open cases of workflows that serve as complaint" },
    { "satisfaction", "signoff.Op?", "mean of the answers to \"how content are you\" (1 to 5) in its last survey that has any" },
    { "stuck", "signoff.Op?", "open cases that the engine could not move" },
  },
}
