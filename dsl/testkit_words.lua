-- SPDX-License-Identifier: Apache-2.0
-- What a test does: the words of t and c, but for what they expect (testkit_expect.lua).
local P, kit = ...
local host, type, next = P.host, type, next
local raise, keys = P.raise, P.keys
local options, need_text, object, nearest = kit.options, kit.need_text, kit.object, kit.nearest
local known = kit.known
local ask, must, refused, person_of, time_of = kit.ask, kit.must, kit.refused, kit.person_of, kit.time_of

-- ---- a case ----

local case_words, test_words = {}, {}
local case_names, test_names = {}, {} -- filled in when all words are there

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
  return ('the task "%s" of %s'):format(task, key), "task.done", { case = key, task = task,
    state = o.state, file = o.file, on_behalf = o.on_behalf }
end

for act, make in next, acts do
  local allowed = known("c", act)
  case_words[act] = function(c, first, given)
    local o = options("c:" .. act, given, allowed)
    local by = person_of("c:" .. act, o.by)
    local what, method, params = make(key_of(c, act), first, o)
    must(what, by, method, params)
  end
  local refuse = act == "fire" and "refuse" or "refuse_" .. act
  local refused_keys = known("c", refuse)
  case_words[refuse] = function(c, first, given)
    local o = options("c:" .. refuse, given, refused_keys)
    local by = person_of("c:" .. refuse, o.by)
    local what, method, params = make(key_of(c, refuse), first, o)
    refused(what, by, method, params, o.why)
  end
end

function case_words.undo(c, task, given)
  local o = options("c:undo", given, known("c", "undo"))
  must(("undoing %s"):format(need_text("c:undo", task)), person_of("c:undo", o.by), "task.undo",
    { case = key_of(c, "undo"), task = task, on_behalf = o.on_behalf })
end

function case_words.withdraw(c, given)
  local o = options("c:withdraw", given, known("c", "withdraw"))
  must("withdrawing the vote", person_of("c:withdraw", o.by), "approval.withdraw",
    { case = key_of(c, "withdraw"), approval = o.approval, on_behalf = o.on_behalf })
end

function case_words.comment(c, text, given)
  local o = options("c:comment", given, known("c", "comment"))
  must("the comment", person_of("c:comment", o.by), "case.comment",
    { case = key_of(c, "comment"), text = need_text("c:comment", text), shared = o.shared })
end

function case_words.assign(c, to, given)
  local o = options("c:assign", given, known("c", "assign"))
  must("the assignment", person_of("c:assign", o.by), "case.assign",
    { case = key_of(c, "assign"), to = need_text("c:assign", to), state = o.state, on_behalf = o.on_behalf })
end

function case_words.attach(c, name, given)
  local o = options("c:attach", given, known("c", "attach"))
  local by = person_of("c:attach", o.by)
  local file = must("the file", by, "test.upload", { name = need_text("c:attach", name), text = o.text or name }).file
  must("the file", by, "case.attach", { case = key_of(c, "attach"), file = file, shared = o.shared,
    field = o.field, comment = o.comment })
  return file
end

function case_words.retry(c, given)
  local o = options("c:retry", given, known("c", "retry"))
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

local function case_of(key)
  local c = words_of("c", case_words, case_names, { key = key })
  keys_of_case[c] = key
  return c
end

-- ---- a test ----

local function open_params(what, workflow, given, allowed)
  local o = options(what, given, allowed)
  return person_of(what, o.by), { workflow = need_text(what, workflow), project = "project",
    fields = object(what .. ": fields", o.fields), comment = o.comment, shared = o.shared }, o
end

function test_words.open(_, workflow, given)
  local by, params = open_params("t:open", workflow, given, known("t", "open"))
  return case_of(must(("opening %s"):format(workflow), by, "case.open", params).case)
end

function test_words.refuse_open(_, workflow, given)
  local by, params, o = open_params("t:refuse_open", workflow, given, known("t", "refuse_open"))
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
  if not kit.begin() then
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
  local o = options("t:absent", given, known("t", "absent"))
  person_of("t:absent", person)
  local starts, ends = time_of(need_text("t:absent", from)), time_of(need_text("t:absent", to), true)
  if o.to ~= nil then
    person_of("t:absent", o.to)
    must("the stand-in", person, "delegation.set", { to = o.to, from = starts, ["until"] = ends,
      scope = o.workflows and P.object { workflows = o.workflows } })
  end
  kit.absences[#kit.absences + 1] = { person = person, from = starts, to = ends, last = to:sub(1, 10) }
end

function test_words.holiday(_, date, hours)
  local list = must("the calendars", nil, "calendar.list", {}).items
  if #list == 0 then raise("t:holiday: the team has no calendar: say calendar \"office\" { ... } in team.lua") end
  for _, one in ipairs(list) do
    must("the holiday", nil, "calendar.exception.add", { calendar = one.calendar, date = need_text("t:holiday", date),
      hours = hours, reason = "test" })
  end
end

kit.case_words, kit.test_words, kit.case_names, kit.test_names = case_words, test_words, case_names, test_names
kit.words_of, kit.key_of, kit.look, kit.case_of = words_of, key_of, look, case_of
