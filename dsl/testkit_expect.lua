-- SPDX-License-Identifier: Apache-2.0
-- What a test expects: of a case, and of what people are told. Then the words are complete.
local P, kit = ...
local host, type, next = P.host, type, next
local raise, keys, length = P.raise, P.keys, P.length
local concat = P.std.table.concat
local empty = P.null
local options, need_text, object, nearest, show = kit.options, kit.need_text, kit.object, kit.nearest, kit.show
local must, failed, person_of = kit.must, kit.failed, kit.person_of
local case_words, test_words, key_of, look = kit.case_words, kit.test_words, kit.key_of, kit.look

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

-- An owner as text: a person, or to whom it is offered; nil for none.
local function owner_text(owner)
  if type(owner) ~= "table" then return owner end
  local names = {}
  for _, one in ipairs(owner.offer or {}) do
    names[#names + 1] = type(one) ~= "table" and one or one.person or one.role or one.group
  end
  return #names > 0 and concat(names, ", ") or nil
end

-- The first person who has it, or else whom it is offered to.
local function first_owner(view)
  if view.owner ~= nil then return view.owner end
  for _, state in ipairs((keys(view.owners or {}))) do
    local got = owner_text(view.owners[state])
    if got then return got end
  end
end

function expect.owner(view, want, differ)
  if type(want) ~= "table" or want == empty then
    local got = first_owner(view)
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

function expect.opener(view, want, differ)
  if want ~= view.opener then differ("opener", want, view.opener) end
end

function expect.links(view, want, differ)
  local got = {}
  for _, link in ipairs(view.links or {}) do got[#got + 1] = link.case end
  if not equal(set_of(want), set_of(got)) then differ("links", set_of(want), set_of(got)) end
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

local expect_names = kit.known("c", "expect")
for _, name in ipairs(expect_names) do
  assert(expect[name], name)
end

function case_words.expect(c, want)
  local key = key_of(c, "expect")
  options("c:expect", want, expect_names)
  local view, differences = look(key), P.array {}
  for _, what in ipairs((keys(want))) do
    expect[what](view, want[what], function(name, expected, actual)
      differences[#differences + 1] = P.object { what = name, expected = show(expected), actual = show(actual) }
    end)
  end
  if #differences > 0 then failed("expectation", key .. " is not as expected", { differences = differences }) end
end

-- ---- messages ----

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
  if not kit.declared.people[o.to] then
    raise(("%s: there is nobody called %s%s"):format(what, P.describe(o.to), nearest(o.to, kit.names)))
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
  local o = options("t:expect_message", given, kit.known("t", "expect_message"), { "to" })
  local found, all = messages("t:expect_message", o)
  if found == 0 or o.times and found ~= o.times then
    failed("expectation", ("%s was not told as expected"):format(o.to), { differences = P.array {
      P.object { what = "messages", expected = wanted_text(o), actual = all } } })
  end
end

function test_words.expect_none(_, given)
  local o = options("t:expect_none", given, kit.known("t", "expect_none"), { "to" })
  local found, all = messages("t:expect_none", o)
  if found > 0 then
    failed("expectation", ("%s was told what nobody expected"):format(o.to), { differences = P.array {
      P.object { what = "messages", expected = "no " .. wanted_text(o):gsub("^a ", ""), actual = all } } })
  end
end

-- ---- the words are complete ----

for _, name in ipairs((keys(case_words))) do kit.case_names[#kit.case_names + 1] = name end
kit.case_names[#kit.case_names + 1] = "key"
for _, name in ipairs((keys(test_words))) do kit.test_names[#kit.test_names + 1] = name end

local there = { key = true }
for name in next, case_words do there[name] = true end
kit.compare("c", there)
kit.compare("t", test_words)

-- Their caller's line stays on the stack when a word is the last thing a function says.
for name, f in next, case_words do case_words[name] = host.shield(f) end
for name, f in next, test_words do test_words[name] = host.shield(f) end

function P.test_run(nth)
  kit.bodies[nth](kit.words_of("t", test_words, kit.test_names))
end
