-- SPDX-License-Identifier: Apache-2.0
-- Every word of the language in one table: the constructors are made from it, messages take
-- their known words from it, and the reference page is printed from it.
--
--   stages  what the word is called with, in order: KIND or KIND? (may be missing). Kinds:
--           name names who text number value body
--   keys    the keys of its body and their kinds (see values.lua); "!" must be there
--   holds   the words that may stand in its body without a key
--   says    one sentence; example: one line
local P = ...

local titles = { title = "title", help = "title" }
local function with(base, more)
  local t = {}
  for k, v in next, base do t[k] = v end
  for k, v in next, more do t[k] = v end
  return t
end

local rung = "remind notify reassign priority fire start decide go"
local transitions = "on always after within"
local field = with(titles, { required = "flag", indexed = "flag", default = "plain" })
local ranged = with(field, { min = "limit", max = "limit" })
local moved = with(titles, { to = "states", when = "cond", run = "actions", internal = "flag" })
local asked = { nobody = "nobody", when = "cond", covers = "covers", exclude = "whos" }
local rules = "one_of at_least percent weighted all_of any_of in_order veto everyone_answers"
P.rules = rules -- those that may stand in others, and by themselves
local placed = with(titles, { client_title = "title", owner = "who", edit = "edit", enter = "actions",
  leave = "actions", waiting_for = "role" })

P.words = {
  -- whole files
  { word = "workflow", stages = { "name", "body" }, holds = "state parallel final history migrate retention " .. transitions,
    keys = with(titles, { key = "case_prefix!", version = "version", serves = "purpose", client = "client",
      open = "open", roles = "-",
      fields = "-", internal = "-", start = "states", outcomes = "-" }),
    says = "A workflow: its fields, who may do what, its states; outcomes has titles of how it may end.",
    example = [[return workflow "change_request" { key = "CR", ... }]] },
  { word = "migrate", stages = { "body" }, holds = "", keys = { from = "-", states = "-", fields = "-" },
    says = "How cases of an older version come to this one.",
    example = [[migrate { from = 2, states = { screening = "triage" } }]] },
  { word = "retention", stages = { "body" }, holds = "", keys = {},
    says = "How long what is kept of a case that has ended: after so many years, months, weeks or days what erase names is taken out for good, fields by name, \"internal\" or \"all\" parts of its history; the case is there, and its history verifies. Counted from its end; the version in force says it for cases of all versions. Without it nothing is ever erased.",
    example = [[retention { { after = "3 years", erase = { "phone" } }, { after = "10 years", erase = "all" } }]] },
  { word = "team", stages = { "name", "body" }, holds = "calendar channel use every hook health",
    keys = { title = "title", timezone = "text", language = "language", currency = "currency" },
    says = "A team: its calendars, channels and the workflows it uses.",
    example = [[return team "delivery" { timezone = "Asia/Shanghai", use "issue" }]] },

  -- states
  { word = "state", stages = { "name", "body?" }, holds = "state parallel final history approval tasks " .. transitions,
    keys = with(placed, { start = "states", done = "states" }),
    says = "A state; with states inside it is compound and begins at start.",
    example = [[state "screening" { owner = "pm", on "accept" { by = "pm", to = "impact" } }]] },
  { word = "parallel", stages = { "name", "body" }, holds = "state parallel history " .. transitions,
    keys = with(placed, { done = "states" }),
    says = "Regions that are active together; done is taken when all are final.",
    example = [[parallel "impact" { state "technical" {...}, state "commercial" {...}, done = "deciding" }]] },
  { word = "final", stages = { "name", "body?" }, holds = "",
    keys = with(titles, { client_title = "title", outcome = "name", enter = "actions", leave = "actions" }),
    says = "An end: of the case at the top, of its compound state inside one.",
    example = [[final "closed" { outcome = "implemented" }]] },
  { word = "history", stages = { "name", "body?" }, holds = "",
    keys = with(titles, { deep = "flag", start = "states!" }),
    says = "Resumes where its parent was; start says where when it never was.",
    example = [[history "where_it_was" { deep = true, start = "working" }]] },

  -- transitions
  { word = "on", stages = { "names", "body" }, holds = "",
    keys = with(moved, { by = "who", needs = "fields", takes = "fields", note = "note" }),
    says = "What an event does: who may fire it, what it needs, where it leads. note: a comment is required, shared with the client, or both.",
    example = [[on "return" { by = "pm", needs = { "cost" }, note = { "required", "shared" }, to = "draft" }]] },
  { word = "always", stages = { "body" }, holds = "", keys = with(moved, {}),
    says = "A transition without an event: taken as soon as its condition holds.",
    example = [[always { when = { cost = above(0) }, to = "priced" }]] },
  { word = "after", stages = { "duration", "body" }, holds = "", keys = with(moved, {}),
    says = "A transition that time takes, counted from entry.",
    example = [[after "30 days" { to = "lapsed" }]] },
  { word = "within", stages = { "name?", "body" }, holds = "at late again per",
    keys = { clock = "name", from = "time_field", due = "moment_field", ["until"] = "event", pause = "states",
      title = "title" },
    says = "A deadline with its rungs, from entry to leaving: so long, or until the day that a field says (due).",
    example = [[within { "2 days", late "0" { remind "owner" } }]] },
  { word = "per", stages = { "name", "body" }, holds = "", keys = "any",
    says = "A duration that depends on a field's value.",
    example = [[within { per "priority" { high = "4 hours", normal = "2 days" } }]] },
  { word = "at", stages = { "percent", "body" }, holds = rung, keys = { even_if_down = "flag" },
    says = "A rung before the due time, in percent of the time counted.",
    example = [[at "80%" { remind "owner" }]] },
  { word = "late", stages = { "duration", "body" }, holds = rung, keys = { even_if_down = "flag" },
    says = "A rung at the due time (\"0\") or after it.",
    example = [[late "1 day" { notify "sponsor" }]] },
  { word = "again", stages = { "duration", "body" }, holds = rung,
    keys = { even_if_down = "flag", most = "whole" },
    says = "A rung that repeats after the due time.",
    example = [[again "1 day" { remind "pending", most = 10 }]] },

  -- approvals
  { word = "approval", stages = { "body" }, holds = "",
    keys = { covers = "fields", rule = "rule!", approved = "states!", rejected = "states!", deferred = "states",
      changes = "states", may_defer = "who", may_return = "who", exclude = "whos", distinct = "flag", fixed = "flag" },
    says = "Asks people to agree to the covered fields; each outcome leads somewhere.",
    example = [[approval { covers = { "cost" }, rule = one_of "pm", approved = "done", rejected = "back" }]] },
  { word = "one_of", stages = { "who", "body?" }, holds = "", keys = asked,
    says = "One approval of these people.", example = [[one_of "sponsor" { nobody = "reject" }]] },
  { word = "at_least", stages = { "number", "who", "body?" }, holds = "", keys = asked,
    says = "So many approvals of these people.", example = [[at_least(2) "ccb" { nobody = "sponsor" }]] },
  { word = "percent", stages = { "number", "who", "body?" }, holds = "", keys = asked,
    says = "This share of the people who do not abstain.", example = [[percent(60) "ccb" {}]] },
  { word = "weighted", stages = { "number", "weights", "body?" }, holds = "", keys = asked,
    says = "Approvals whose weights add up to the number.",
    example = [[weighted(5) { ccb = 2, client = 3 } { nobody = "reject" }]] },
  { word = "veto", stages = { "who", "body?" }, holds = "", keys = asked,
    says = "No if one of these people rejects, else yes.", example = [[veto "client" {}]] },
  { word = "all_of", stages = { "body" }, holds = rules, keys = asked,
    says = "Yes when all its rules are.", example = [[all_of { one_of "pm", one_of "client" }]] },
  { word = "any_of", stages = { "body" }, holds = rules, keys = asked,
    says = "Yes when one of its rules is.", example = [[any_of { one_of "pm", one_of "sponsor" }]] },
  { word = "in_order", stages = { "body" }, holds = rules, keys = asked,
    says = "The same as all_of, asking one rule at a time.", example = [[in_order { one_of "pm", one_of "client" }]] },
  { word = "everyone_answers", stages = { "body" }, holds = rules, keys = asked,
    says = "Open until everybody asked has answered.", example = [[everyone_answers { at_least(1) "ccb" }]] },

  -- tasks
  { word = "tasks", stages = { "body" }, holds = "task", keys = { done = "states" },
    says = "A checklist; done is taken when it is complete.",
    example = [[tasks { task "documents" { by = "pm" }, done = "archiving" }]] },
  { word = "task", stages = { "name", "body" }, holds = "",
    keys = { title = "title", by = "who!", optional = "flag", when = "cond", proof = "proof" },
    says = "One thing to do, and by whom.", example = [[task "training" { by = "engineer", optional = true }]] },

  -- fields
  { word = "text", stages = { "body?" }, kind = "field", holds = "", keys = ranged,
    says = "Text; max and min count characters.", example = [[summary = text { max = 200, required = true }]] },
  { word = "number", stages = { "body?" }, kind = "field", holds = "", keys = with(ranged, { places = "whole" }),
    says = "A whole number, or with places an exact decimal.", example = [[days = number { min = 0 }]] },
  { word = "money", stages = { "body?" }, kind = "field", holds = "", keys = with(ranged, { currency = "currency" }),
    says = "An amount of money, exact.", example = [[cost = money { min = 0 }]] },
  { word = "date", stages = { "body?" }, kind = "field", holds = "", keys = ranged,
    says = "A day.", example = [[planned = date {}]] },
  { word = "time", stages = { "body?" }, kind = "field", holds = "", keys = ranged,
    says = "A moment.", example = [[served = time {}]] },
  { word = "choice", stages = { "body" }, kind = "field", holds = "text values", keys = with(field, { titles = "-" }),
    says = "One of the given words; titles says what they are called.",
    example = [[risk = choice { "low", "high", titles = { low = { en = "Low", zh = "低" }, high = { en = "High", zh = "高" } } }]] },
  { word = "flag", stages = { "body?" }, kind = "field", holds = "", keys = field,
    says = "Yes or no.", example = [[urgent = flag {}]] },
  { word = "file", stages = { "body?" }, kind = "field", holds = "", keys = field,
    says = "A file.", example = [[report = file {}]] },
  { word = "list", stages = { "body" }, kind = "field", holds = "", keys = with(field, { of = "field!", max = "limit" }),
    says = "Up to 1,000 values of one type.", example = [[parts = list { of = number {} }]] },
  { word = "record", stages = { "body" }, kind = "field", holds = "", keys = with(field, { fields = "-" }),
    says = "Several named values that belong together.",
    example = [[address = record { fields = { city = text {}, street = text {} } }]] },

  -- people
  { word = "person", stages = { "who_or_body?" }, kind = "field", holds = "", keys = field, call = true,
    says = "A field that names a person; with a key, that person.", example = [[owner = person "li"]] },
  { word = "group", stages = { "name" }, kind = "who", call = true, says = "The people of a group of the team.",
    example = [[by = group "ccb"]] },
  { word = "decided_by", stages = { "name" }, kind = "who", call = true, says = "Who decided in that state's last round.",
    example = [[exclude = { decided_by "screening" }]] },

  -- conditions
  { word = "above", stages = { "value" }, kind = "op", says = "More than.", example = [[when = { cost = above(50000) }]] },
  { word = "below", stages = { "value" }, kind = "op", says = "Less than.", example = [[when = { cost = below(100) }]] },
  { word = "min", stages = { "value" }, kind = "op", says = "At least.", example = [[when = { days = min(5) }]] },
  { word = "max", stages = { "value" }, kind = "op", says = "At most.", example = [[when = { days = max(5) }]] },
  { word = "is", stages = { "value" }, kind = "op", says = "Equal to.", example = [[when = { class = is "emergency" }]] },
  { word = "one_in", stages = { "value" }, kind = "op", says = "One of a list.", example = [[when = { class = one_in { "a", "b" } }]] },
  { word = "filled", stages = { "value?" }, kind = "op", says = "Not empty; filled(false): empty.", example = [[when = { cost = filled }]] },
  { word = "any", stages = { "value" }, kind = "cond", says = "One of these conditions.", example = [[when = any { { cost = filled }, { days = above(3) } }]] },
  { word = "no", stages = { "value" }, kind = "cond", says = "Not this condition.", example = [[when = no { class = is "emergency" }]] },
  { word = "in_state", stages = { "names" }, kind = "cond", says = "That state is active.", example = [[when = in_state "pricing"]] },
  { word = "none_open", stages = { "names" }, kind = "cond", says = "No open case of these workflows in the project.",
    example = [[when = none_open { "change_request", "issue" }]] },
  { word = "tasks_done", stages = {}, kind = "cond", says = "The checklist is complete.", example = [[when = tasks_done]] },

  -- changes and effects
  { word = "set", stages = { "value" }, kind = "action", says = "Changes fields.", example = [[run = set { offers = plus(1), decided_on = now }]] },
  { word = "plus", stages = { "value" }, kind = "set", says = "The field's value and this much more.", example = [[set { offers = plus(1) }]] },
  { word = "now", stages = {}, kind = "set", says = "The time of the command.", example = [[set { decided_on = now }]] },
  { word = "from_event", stages = { "name" }, kind = "set", says = "What the event carries under that name.", example = [[set { amount = from_event "amount" }]] },
  { word = "open_cases", stages = { "names" }, kind = "set", says = "How many cases of these workflows are open in the project.",
    example = [[set { open_issues = open_cases { "issue", "feedback" } }]] },
  { word = "last_contact", stages = { "name" }, kind = "set", says = "When the project's client last heard from the team, by the channel that this field names (empty or any: whichever): by what was told or noted.",
    example = [[set { heard = last_contact "channel" }]] },
  { word = "empty", stages = {}, kind = "set", call = true, says = "No value.", example = [[set { note = empty }]] },
  { word = "emit", stages = { "name", "value?" }, kind = "action", says = "An internal event of this macrostep.", example = [[run = emit "priced"]] },
  { word = "remind", stages = { "who" }, kind = "action", says = "Reminds these people of what waits for them.", example = [[remind "owner"]] },
  { word = "notify", stages = { "who_or_channel", "text?", "value?" }, kind = "action", says = "Tells people or a channel.",
    example = [[notify("sponsor", "late_change", { days = 3 })]] },
  { word = "reassign", stages = { "who" }, kind = "action", says = "Gives the case to somebody else.", example = [[reassign "sponsor"]] },
  { word = "priority", stages = { "name" }, kind = "action", says = "low normal high urgent, or up and down.", example = [[priority "up"]] },
  { word = "fire", stages = { "name", "value?" }, kind = "action", says = "Fires an event, of this case or of another one.",
    example = [[fire("remind_client", { case = "CR-1" })]] },
  { word = "start", stages = { "name", "value?" }, kind = "action", says = "Opens a case of another workflow.", example = [[start "progress_report"]] },
  { word = "decide", stages = { "name", "value?" }, kind = "action", says = "Ends the open round with an outcome.", example = [[decide "approved" { as = "deemed" }]] },
  { word = "go", stages = { "names" }, kind = "action", says = "Leaves for another state.", example = [[go "lapsed"]] },

  -- a team
  { word = "use", stages = { "name", "body?" }, holds = "", keys = { group = "name" }, says = "Makes a workflow one of the team's.",
    example = [[use "issue" { group = "support" }]] },
  { word = "calendar", stages = { "name", "body" }, holds = "", keys = "any", says = "Working hours and holidays.",
    any = { timezone = "text", holidays = "names", monday = "hours", tuesday = "hours", wednesday = "hours",
      thursday = "hours", friday = "hours", saturday = "hours", sunday = "hours", monday_to_friday = "hours",
      monday_to_saturday = "hours", weekend = "hours", every_day = "hours" },
    example = [[calendar "office" { monday_to_friday = { "09:00-12:00", "13:30-18:00" }, holidays = "cn" }]] },
  { word = "channel", stages = { "name", "body?" }, kind = "channel", holds = "", keys = "any", call = true,
    says = "A place outside to tell things to.", example = [[channel "wecom" { kind = "wecom", url = secret "WECOM_URL" }]] },
  { word = "secret", stages = { "name" }, kind = "secret", says = "A value from the site's settings, never shown.", example = [[url = secret "WECOM_URL"]] },
  { word = "every", stages = { "text", "body" }, holds = "start", keys = { name = "text", missed = "text" },
    says = "Does something on a schedule; missed says what of several missed times: latest, all or skip.",
    example = [[every "friday 16:00" { start "progress_report" { for_each = "open project" } }]] },
  { word = "health", stages = { "body" }, holds = "", keys = { red = "limits", yellow = "limits" },
    says = "What makes a project red or yellow: figures of it, one of which is enough. A colour that is not said keeps the usual limits.",
    example = [[health { red = { overdue_issues = above(2) }, yellow = { silence = above(14), satisfaction = below(4) } }]] },
  { word = "hook", stages = { "name", "body" }, holds = "",
    keys = { scheme = "scheme!", by = "person_key!", does = "handler!" },
    says = "Lets another tool in, by POST /hooks/TEAM/NAME; the secret it signs with is set by signoff hook secret, never here.",
    example = [[hook "tracker" { scheme = "standard", by = "robot", does = function(h) return { open = "issue", fields = { summary = h.body.title } } end }]] },
}
