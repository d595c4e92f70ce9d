-- SPDX-License-Identifier: Apache-2.0
-- The words of a test file, and their manual.
--
--   people { li = "pm", wang = { "engineer", "ccb" }, mei = { "client", of = "acme" } }
--     Everybody there is, with the roles they hold in the one project. of: whose person, lead = true,
--     groups = { "support" }, title, language. project { title =, attributes = {}, currency =,
--     calendar =, client_calendar = } says more about the project, where a workflow asks.
--
--   test "silence for ten working days is deemed acceptance" (function(t) ... end)
--     Each test has an engine, a store and a clock of its own; it is Monday 2026-01-05 09:00 in the
--     team's zone until t:at or t:advance say otherwise.
--
--   t:open("acceptance", { by = "li", fields = {} })   a case; comment too
--   t:case "AC-2", t:cases "acceptance"     one that the rules opened; all of a workflow, oldest first
--   t:refuse_open("acceptance", { by = "mei", why = "forbidden" })
--   t:now(), t:time "2026-03-02 09:00"      a moment as fields of type time take it
--   t:at "2026-03-02 09:00"                 lives until then; the first thing said, it starts there
--   t:advance "10 workdays"                 lives so long, in the team's calendar
--   t:absent("li", "2026-01-06", "2026-01-09", { to = "wang" })   whole days, the last one included;
--     who is absent does nothing; to = names the stand-in
--   t:holiday "2026-01-07"                  a day off for the team; t:holiday("2026-01-10", "open")
--   t:expect_message { to = "mei", about = c, text = "50%", kind = "remind", times = 1 }
--   t:expect_none { to = "mei" }            what is not said is not looked at
--
--   c:fire("serve", { by = "li", data = {}, comment = "", on_behalf = "wang" })
--   c:edit({ summary = "x", note = empty }, { by = "li" })
--   c:vote("approve", { by = "mei", comment = "", on_behalf = "tom", approval = "deciding" })
--   c:withdraw { by = "mei" }               the vote
--   c:task("documents", { by = "pm" }), c:undo("documents", { by = "pm" })
--   c:comment("text", { by = "li", shared = true }), c:assign("wang", { by = "li", state = "x" })
--   c:attach("minutes.pdf", { by = "li", text = "...", shared = true, field = "report" })
--   c:retry { by = "li" }                   what left it stuck
--   c:refuse("accept", { by = "mei", why = "forbidden" })   an event; refuse_vote, refuse_edit,
--     refuse_task likewise. why: the code, or a part of the message
--   c.key, c:field "summary"
--   c:expect { state = "accepted", outcome = "deemed", fields = { rework = 2, served = empty },
--              owner = "li", waiting = { "mei" }, due = "2026-01-19 18:00", stuck = false,
--              allowed = { li = { "cancel" } }, priority = "high", tasks = { "documents" } }
--     state: active, or around what is; a list: exactly these are. owner and due may name a state
--     or a deadline each. waiting: exactly these persons or roles. tasks: what is left to do.
--     allowed: exactly these events. empty: there is none.
local P, kit = ...
local host, type, next = P.host, type, next
local raise, keys, length = P.raise, P.keys, P.length
local concat = P.std.table.concat
local empty = P.null

-- ---- what is said ----

local function nearest(word, known)
  return (P.did_you_mean(word, known))
end

-- The table of a word, with known keys only; wanted ones must be there.
local function options(what, given, known, wanted)
  if given == nil then given = {} end
  if type(given) ~= "table" or given == empty then
    raise(("%s: expected { %s = ... }, got %s"):format(what, known[1], P.describe(given)))
  end
  for _, key in ipairs((keys(given))) do
    local found = false
    for _, word in ipairs(known) do found = found or word == key end
    if not found then raise(('%s: unknown key %s%s'):format(what, P.describe(key), nearest(key, known))) end
  end
  for _, key in ipairs(wanted or {}) do
    if given[key] == nil then raise(("%s: %s = is missing"):format(what, key)) end
  end
  return given
end

local function need_text(what, v)
  if type(v) ~= "string" then raise(("%s: expected text in quotes, got %s"):format(what, P.describe(v))) end
  return v
end

-- Names with values, as the engine takes them: {} is no list here.
local function object(what, v)
  if v == nil then return nil end
  if type(v) ~= "table" or v == empty then raise(("%s: expected { name = value }, got %s"):format(what, P.describe(v))) end
  local out = P.object {}
  for _, key in ipairs((keys(v))) do
    if type(key) ~= "string" then raise(("%s: %s has no name"):format(what, P.describe(v[key]))) end
    out[key] = v[key]
  end
  return out
end

local function fail(kind, message, more)
  local failure = P.object { kind = kind, message = message }
  for key, value in next, more or {} do failure[key] = value end
  kit.fail(failure)
end

-- A value as a reader of the failure sees it.
local show
show = P.nested(function(v)
  if v == nil or v == empty then return "nothing" end
  if type(v) == "string" then return v end
  if type(v) ~= "table" then return host.is_decimal(v) and host.tostring(v) or P.describe(v) end
  local list, parts = keys(v)
  parts = {}
  for i, key in ipairs(list) do
    local value = show(v[key])
    parts[i] = type(key) == "number" and value or ("%s = %s"):format(key, value)
  end
  if #parts == 0 then return "nothing" end
  return length(v) > 0 and concat(parts, ", ") or "{ " .. concat(parts, ", ") .. " }"
end)

-- ---- people ----

local declared = { people = P.object {}, project = P.object {}, tests = P.array {} }
local names, bodies = {}, {}
local person_keys = { "of", "lead", "groups", "title", "language" }

local function key_or_raise(what, v)
  if type(v) ~= "string" or not host.key_valid(v) then
    raise(("%s: expected a key of small letters, digits and -, got %s"):format(what, P.describe(v)))
  end
  return v
end

local function list_of_keys(what, v)
  local out = P.array {}
  for i = 1, length(v) do out[i] = key_or_raise(what, v[i]) end
  return out
end

local function people(given)
  if type(given) ~= "table" then raise("people: expected { li = \"pm\", ... }") end
  if #names > 0 then raise("people: said before; a file has one project with its people") end
  for _, name in ipairs((keys(given))) do
    local said = given[name]
    key_or_raise("people", name)
    if type(said) == "string" then said = { said } end
    if type(said) ~= "table" then raise(("people: %s: expected roles, got %s"):format(name, P.describe(said))) end
    local rest = {}
    for _, key in ipairs((keys(said))) do if type(key) ~= "number" then rest[key] = said[key] end end
    options("people: " .. name, rest, person_keys)
    local person = P.object { roles = list_of_keys("people: " .. name, said), title = rest.title,
      language = rest.language, lead = rest.lead }
    if rest.of ~= nil then person.of = key_or_raise("people: " .. name .. ": of", rest.of) end
    if rest.groups ~= nil then person.groups = list_of_keys("people: " .. name .. ": groups", rest.groups) end
    declared.people[name] = person
    names[#names + 1] = name
  end
end

local function project(given)
  declared.project = P.object(options("project", given,
    { "title", "attributes", "currency", "calendar", "client_calendar" }))
end

local function test(name)
  need_text("test", name)
  local line = host.here()
  return function(body)
    if type(body) ~= "function" then raise(('test "%s": expected (function(t) ... end)'):format(name)) end
    for _, one in ipairs(declared.tests) do
      if one.name == name then raise(('a second test "%s"'):format(name)) end
    end
    declared.tests[#declared.tests + 1] = P.object { name = name, line = line }
    bodies[#bodies + 1] = body
  end
end

-- ---- calls ----

local begun = false
local absences = {} -- { person, from, to, last }

-- The answer, or nil, code, message.
local function ask(who, method, params)
  if not begun then
    begun = true
    kit.call(nil, "test.begin", P.object {})
  end
  return kit.call(who, method, P.object(params))
end

-- A refusal fails the test.
local function must(what, who, method, params)
  local answer, code, message = ask(who, method, params)
  if answer == nil then
    fail("refusal", ("%s was refused: %s"):format(what, message), { code = code })
  end
  return answer
end

local function time_of(text, at_end)
  return must("the time", nil, "test.time", { time = text, ["end"] = at_end }).time
end

local function person_of(what, by)
  if by == nil then raise(what .. ": by = is missing: who does it?") end
  if not declared.people[by] then
    raise(("%s: there is nobody called %s%s"):format(what, P.describe(by), nearest(by, names)))
  end
  if #absences > 0 then
    local now = must("the time", nil, "test.time", {}).time
    for _, one in ipairs(absences) do
      if one.person == by and one.from <= now and now < one.to then
        raise(("%s: %s is absent from %s to %s"):format(what, by, one.from:sub(1, 10), one.last))
      end
    end
  end
  return by
end

-- The method must be refused, with this code or with these words.
local function refused(what, who, method, params, why)
  local answer, code, message = ask(who, method, params)
  if answer ~= nil then
    fail("expectation", what .. " was accepted, expected a refusal", { differences = P.array {
      P.object { what = "why", expected = show(why), actual = "accepted" } } })
  elseif why ~= nil and code ~= why and not message:find(why, 1, true) then
    fail("expectation", what .. " was refused for another reason", { differences = P.array {
      P.object { what = "why", expected = why, actual = ("%s: %s"):format(code, message) } } })
  end
end

-- ---- a case ----

local case_words, test_words = {}, {}
local case_names, test_names = {}, {}
local case_of

local function words_of(what, words, known, own)
  return setmetatable({}, {
    __metatable = false,
    __newindex = function() raise(what .. " is read-only") end,
    __index = function(_, key)
      local v = own and own[key] or words[key]
      if v == nil then
        raise(("unknown word %s:%s%s"):format(what, host.tostring(key), nearest(key, known)))
      end
      return v
    end,
  })
end

local keys_of_case = setmetatable({}, { __mode = "k" })

local function key_of(c, word)
  local key = type(c) == "table" and keys_of_case[c]
  if not key then raise(("c:%s is said with a colon, of a case that t:open gave"):format(word)) end
  return key
end

local doing = { "by", "comment", "on_behalf", "shared" }
local function with(list, ...)
  local out = {}
  for _, word in ipairs(list) do out[#out + 1] = word end
  for _, word in ipairs { ... } do out[#out + 1] = word end
  return out
end

-- Each kind of act: what it is called, its method, and its parameters from the two arguments.
local acts = {}

function acts.fire(key, event, o)
  need_text("c:fire", event)
  return ('"%s" of %s'):format(event, key), "case.fire", { case = key, event = event,
    data = object("data", o.data), comment = o.comment, shared = o.shared, on_behalf = o.on_behalf }
end

function acts.edit(key, fields)
  return "the change of " .. key, "case.edit", { case = key, fields = object("c:edit", fields) or P.object {} }
end

-- On what the person sees: the digest of the round that is open for them.
function acts.vote(key, choice, o)
  need_text("c:vote", choice)
  local seen, digest = ask(o.on_behalf or o.by, "case.get", { case = key }), nil
  local approval = o.approval
  for _, round in ipairs(seen and seen.approvals or {}) do
    if approval == nil or approval == round.approval then
      digest, approval = digest or round.digest, round.approval
    end
  end
  return ('the vote "%s" on %s'):format(choice, key), "approval.vote", { case = key, choice = choice,
    approval = approval, digest = digest or ("0"):rep(64), comment = o.comment, on_behalf = o.on_behalf }
end

function acts.task(key, task, o)
  need_text("c:task", task)
  return ('the task "%s" of %s'):format(task, key), "task.done", { case = key, task = task, on_behalf = o.on_behalf }
end

local act_keys = { fire = with(doing, "data"), edit = { "by" }, vote = with(doing, "approval"), task = doing }

for act, make in next, acts do
  local allowed = act_keys[act]
  case_words[act] = function(c, first, given)
    local o = options("c:" .. act, given, allowed)
    local by = person_of("c:" .. act, o.by)
    local what, method, params = make(key_of(c, act), first, o)
    must(what, by, method, params)
  end
  local refuse = act == "fire" and "refuse" or "refuse_" .. act
  case_words[refuse] = function(c, first, given)
    local o = options("c:" .. refuse, given, with(allowed, "why"))
    local by = person_of("c:" .. refuse, o.by)
    local what, method, params = make(key_of(c, refuse), first, o)
    refused(what, by, method, params, o.why)
  end
end

function case_words.undo(c, task, given)
  local o = options("c:undo", given, doing)
  must(("undoing %s"):format(need_text("c:undo", task)), person_of("c:undo", o.by), "task.undo",
    { case = key_of(c, "undo"), task = task, on_behalf = o.on_behalf })
end

function case_words.withdraw(c, given)
  local o = options("c:withdraw", given, { "by", "on_behalf", "approval" })
  must("withdrawing the vote", person_of("c:withdraw", o.by), "approval.withdraw",
    { case = key_of(c, "withdraw"), approval = o.approval, on_behalf = o.on_behalf })
end

function case_words.comment(c, text, given)
  local o = options("c:comment", given, { "by", "shared" })
  must("the comment", person_of("c:comment", o.by), "case.comment",
    { case = key_of(c, "comment"), text = need_text("c:comment", text), shared = o.shared })
end

function case_words.assign(c, to, given)
  local o = options("c:assign", given, { "by", "state", "on_behalf" })
  must("the assignment", person_of("c:assign", o.by), "case.assign",
    { case = key_of(c, "assign"), to = need_text("c:assign", to), state = o.state, on_behalf = o.on_behalf })
end

function case_words.attach(c, name, given)
  local o = options("c:attach", given, { "by", "text", "shared", "field", "comment" })
  local by = person_of("c:attach", o.by)
  local file = must("the file", by, "test.upload", { name = need_text("c:attach", name), text = o.text or name }).file
  must("the file", by, "case.attach", { case = key_of(c, "attach"), file = file, shared = o.shared,
    field = o.field, comment = o.comment })
  return file
end

function case_words.retry(c, given)
  local o = options("c:retry", given, { "by" })
  must("trying again", person_of("c:retry", o.by), "case.retry", { case = key_of(c, "retry") })
end

local function look(key)
  return must("looking at " .. key, nil, "case.get", { case = key })
end

function case_words.field(c, name)
  local view = look(key_of(c, "field"))
  if view.field_titles[name] == nil then
    raise(("c:field: there is no field %s%s"):format(P.describe(name), nearest(name, (keys(view.field_titles)))))
  end
  return view.fields[name]
end

-- ---- expectations of a case ----

local function local_time(text)
  return text and text:sub(1, 10) .. " " .. text:sub(12, 16)
end

local function set_of(v)
  local out = {}
  if v == empty then return out end
  if type(v) ~= "table" then return { v } end
  for i = 1, length(v) do out[i] = v[i] end
  return P.sort(out, #out, function(a, b) return host.tostring(a) < host.tostring(b) end)
end

-- Amounts and decimals are text on the wire; a moment may be said in the team's time.
local equal
equal = P.nested(function(want, got)
  if want == empty then want = nil end
  if want == got then return true end
  if want == nil or got == nil then return false end
  if type(got) == "string" and (type(want) == "number" or host.is_decimal(want)) then
    return host.decimal_valid(got) and host.decimal(got) == host.decimal(host.tostring(want))
  end
  if type(got) == "string" and type(want) == "string" then
    if host.decimal_valid(got) and host.decimal_valid(want) then return host.decimal(got) == host.decimal(want) end
    return want == local_time(got)
  end
  if type(got) ~= "table" or type(want) ~= "table" then return false end
  for _, key in ipairs((keys(want))) do if not equal(want[key], got[key]) then return false end end
  for _, key in ipairs((keys(got))) do if want[key] == nil then return false end end
  return true
end)

local expect = {}

-- differ(what, expected, actual) notes one.
function expect.state(view, want, differ)
  if type(want) == "table" then
    local got = set_of(view.states)
    if not equal(set_of(want), got) then differ("state", set_of(want), got) end
  elseif view.state_titles[need_text("state", want)] == nil then
    differ("state", want, view.states)
  end
end

function expect.outcome(view, want, differ)
  if not equal(want, view.outcome) then differ("outcome", want, view.outcome) end
end

function expect.priority(view, want, differ)
  if want ~= view.priority then differ("priority", want, view.priority) end
end

function expect.stuck(view, want, differ)
  local got = view.stuck ~= nil
  if got ~= want then differ("stuck", host.tostring(want), view.stuck and view.stuck.message or "false") end
end

function expect.fields(view, want, differ)
  for _, name in ipairs((keys(object("fields", want)))) do
    if view.field_titles[name] == nil then
      raise(("fields: there is no field %s%s"):format(P.describe(name), nearest(name, (keys(view.field_titles)))))
    end
    if not equal(want[name], view.fields[name]) then differ(name, want[name], view.fields[name]) end
  end
end

-- One owner as text: a person, or to whom it is offered.
local function owner_text(owner)
  if type(owner) ~= "table" then return owner end
  return owner.person or owner.role or owner.group and "group " .. owner.group or show(owner)
end

function expect.owner(view, want, differ)
  if type(want) ~= "table" or want == empty then
    local got = owner_text(view.owner)
    if not equal(want, got) then differ("owner", want, got) end
    return
  end
  for _, state in ipairs((keys(want))) do
    local got = owner_text((view.owners or {})[state])
    if not equal(want[state], got) then differ("owner of " .. state, want[state], got) end
  end
end

function expect.waiting(view, want, differ)
  local got, seen, named = {}, {}, {}
  for _, item in ipairs(view.waiting) do
    if item.person then named[item.state] = true end
  end
  for _, item in ipairs(view.waiting) do
    -- a role counts where nobody of it is named
    local who = item.person or not named[item.state] and (item.role or item.group)
    if who and not seen[who] then
      got[#got + 1] = who
      seen[who] = true
    end
  end
  got = set_of(got)
  if not equal(set_of(want), got) then differ("waiting", set_of(want), got) end
end

function expect.due(view, want, differ)
  local first, named = nil, {}
  for _, deadline in ipairs(view.deadlines) do
    local due = local_time(deadline.due)
    if due then named[deadline.name] = due end
    if due and deadline.kind == "within" and (not first or due < first) then first = due end
  end
  if type(want) ~= "table" or want == empty then
    if not equal(want, first) then differ("due", want, first) end
    return
  end
  for _, name in ipairs((keys(want))) do
    if not equal(want[name], named[name]) then differ("due of " .. name, want[name], named[name]) end
  end
end

function expect.allowed(view, want, differ)
  for _, person in ipairs((keys(object("allowed", want)))) do
    local got = must("what is allowed", person_of("allowed", person), "test.allowed", { case = view.case }).events
    if not equal(set_of(want[person]), set_of(got)) then
      differ("allowed to " .. person, set_of(want[person]), set_of(got))
    end
  end
end

function expect.tasks(view, want, differ)
  local got = {}
  for _, task in ipairs(view.tasks) do if not task.done then got[#got + 1] = task.task end end
  if not equal(set_of(want), set_of(got)) then differ("tasks", set_of(want), set_of(got)) end
end

local expect_names = keys(expect)

function case_words.expect(c, want)
  local key = key_of(c, "expect")
  options("c:expect", want, expect_names)
  local view, differences = look(key), P.array {}
  for _, what in ipairs((keys(want))) do
    expect[what](view, want[what], function(name, expected, actual)
      differences[#differences + 1] = P.object { what = name, expected = show(expected), actual = show(actual) }
    end)
  end
  if #differences > 0 then fail("expectation", key .. " is not as expected", { differences = differences }) end
end

case_names = keys(case_words)
case_names[#case_names + 1] = "key"

function case_of(key)
  local c = words_of("c", case_words, case_names, { key = key })
  keys_of_case[c] = key
  return c
end

-- ---- a test ----

local open_keys = { "by", "fields", "comment", "shared" }

local function open_params(what, workflow, given, more)
  local o = options(what, given, with(open_keys, more))
  return person_of(what, o.by), { workflow = need_text(what, workflow), project = "project",
    fields = object(what .. ": fields", o.fields), comment = o.comment, shared = o.shared }, o
end

function test_words.open(_, workflow, given)
  local by, params = open_params("t:open", workflow, given)
  return case_of(must(("opening %s"):format(workflow), by, "case.open", params).case)
end

function test_words.refuse_open(_, workflow, given)
  local by, params, o = open_params("t:refuse_open", workflow, given, "why")
  refused(("opening %s"):format(workflow), by, "case.open", params, o.why)
end

function test_words.case(_, key)
  return case_of(look(need_text("t:case", key)).case)
end

function test_words.cases(_, workflow)
  local list = must("listing cases", nil, "case.list", { workflow = P.array { need_text("t:cases", workflow) }, limit = 500 })
  local out = {}
  for _, item in ipairs(list.items) do out[#out + 1] = item.case end
  out = P.sort(out, #out, function(a, b) return #a < #b or #a == #b and a < b end)
  for i, key in ipairs(out) do out[i] = case_of(key) end
  return out
end

function test_words.now()
  return must("the time", nil, "test.time", {}).time
end

function test_words.time(_, text)
  return time_of(need_text("t:time", text))
end

function test_words.at(_, text)
  need_text("t:at", text)
  if not begun then
    begun = true
    local answer, _, message = kit.call(nil, "test.begin", P.object { at = text })
    if answer == nil then raise("t:at: " .. message) end
  else
    must("t:at", nil, "clock.advance", { to = time_of(text) })
  end
end

function test_words.advance(_, duration)
  local wrong = host.duration(need_text("t:advance", duration))
  if wrong then raise("t:advance: " .. wrong) end
  local due = must("t:advance", nil, "calendar.explain", { duration = duration }).due
  must("t:advance", nil, "clock.advance", { to = due })
end

function test_words.absent(_, person, from, to, given)
  local o = options("t:absent", given, { "to", "workflows" })
  person_of("t:absent", person)
  local starts, ends = time_of(need_text("t:absent", from)), time_of(need_text("t:absent", to), true)
  if o.to ~= nil then
    person_of("t:absent", o.to)
    must("the stand-in", person, "delegation.set", { to = o.to, from = starts, ["until"] = ends,
      scope = o.workflows and P.object { workflows = o.workflows } })
  end
  absences[#absences + 1] = { person = person, from = starts, to = ends, last = to:sub(1, 10) }
end

function test_words.holiday(_, date, hours)
  local list = must("the calendars", nil, "calendar.list", {}).items
  if #list == 0 then raise("t:holiday: the team has no calendar: say calendar \"office\" { ... } in team.lua") end
  for _, one in ipairs(list) do
    must("the holiday", nil, "calendar.exception.add", { calendar = one.calendar, date = need_text("t:holiday", date),
      hours = hours, reason = "test" })
  end
end

-- ---- messages ----

local message_keys = { "to", "about", "text", "kind", "times" }

-- Does the text hold it, or what the text is made of: the rung, the deadline, the template?
local function says(item, text)
  if host.tostring(item.text):find(text, 1, true) then return true end
  for _, key in ipairs((keys(item.said or {}))) do
    if host.tostring(item.said[key]) == text then return true end
  end
  return false
end

-- How many of a person's messages are as said, and all of them for a failure.
local function messages(what, o)
  local found, all = 0, {}
  local about = o.about ~= nil and key_of(o.about, "expect_message") or nil
  if not declared.people[o.to] then
    raise(("%s: there is nobody called %s%s"):format(what, P.describe(o.to), nearest(o.to, names)))
  end
  for _, item in ipairs(must("reading messages", o.to, "test.messages", {}).items) do
    if not about or about == item.case then
      local said = item.said or {}
      all[#all + 1] = ("%s %s%s: %s"):format(local_time(item.at), item.kind,
        said.rung and " " .. said.rung or "", host.tostring(item.text))
      if (not o.kind or o.kind == item.kind) and (not o.text or says(item, o.text)) then found = found + 1 end
    end
  end
  return found, #all > 0 and concat(all, "; ") or "none"
end

local function wanted_text(o)
  local said = { o.kind or "a message" }
  if o.text then said[#said + 1] = ('with "%s"'):format(o.text) end
  if o.times then said[#said + 1] = ("%d times"):format(o.times) end
  return concat(said, " ")
end

function test_words.expect_message(_, given)
  local o = options("t:expect_message", given, message_keys, { "to" })
  local found, all = messages("t:expect_message", o)
  if found == 0 or o.times and found ~= o.times then
    fail("expectation", ("%s was not told as expected"):format(o.to), { differences = P.array {
      P.object { what = "messages", expected = wanted_text(o), actual = all } } })
  end
end

function test_words.expect_none(_, given)
  local o = options("t:expect_none", given, { "to", "about", "text", "kind" }, { "to" })
  local found, all = messages("t:expect_none", o)
  if found > 0 then
    fail("expectation", ("%s was told what nobody expected"):format(o.to), { differences = P.array {
      P.object { what = "messages", expected = "no " .. wanted_text(o):gsub("^a ", ""), actual = all } } })
  end
end

test_names = keys(test_words)

-- Their caller's line stays on the stack when a word is the last thing a function says.
for name, f in next, case_words do case_words[name] = host.shield(f) end
for name, f in next, test_words do test_words[name] = host.shield(f) end

-- ---- the file ----

local globals = { people = host.shield(people), project = host.shield(project), test = host.shield(test), empty = empty }
for name in next, P.functions do globals[name] = P.globals[name] end
for name in next, P.libraries do globals[name] = P.globals[name] end
local global_names = keys(globals)

P.test_env = setmetatable({}, {
  __metatable = false,
  __index = function(_, name)
    local v = globals[name]
    if v == nil then raise(('unknown word "%s"%s'):format(name, nearest(name, global_names))) end
    return v
  end,
  __newindex = function(_, name) raise(('"%s" is not local: write "local %s = ..."'):format(name, name)) end,
})

function P.test_declared()
  return P.object(declared)
end

function P.test_run(nth)
  bodies[nth](words_of("t", test_words, test_names))
end
