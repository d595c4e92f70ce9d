-- SPDX-License-Identifier: Apache-2.0
-- What a test file says for itself (people, project, test), and what its words share. The words are
-- described in testkit_table.lua.
local P, kit = ...
local host, type, next = P.host, type, next
local raise, keys, length = P.raise, P.keys, P.length
local concat = P.std.table.concat
local empty = P.null
kit.keys, kit.raise, kit.describe, kit.math_type, kit.empty = keys, raise, P.describe, P.std.math.type, empty

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
    kit.check_option(what, key, given[key])
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

local function failed(kind, message, more)
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
local person_keys = kit.known("file", "people")

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
  declared.project = P.object(options("project", given, kit.known("file", "project")))
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
    failed("refusal", ("%s was refused: %s"):format(what, message), { code = code })
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

-- What was answered must be a refusal, with this code or with these words.
local function refusal(what, why, answer, code, message)
  if answer ~= nil then
    failed("expectation", what .. " was accepted, expected a refusal", { differences = P.array {
      P.object { what = "why", expected = show(why), actual = "accepted" } } })
  elseif why ~= nil and code ~= why and not message:find(why, 1, true) then
    failed("expectation", what .. " was refused for another reason", { differences = P.array {
      P.object { what = "why", expected = why, actual = ("%s: %s"):format(code, message) } } })
  end
end

-- The method must be refused.
local function refused(what, who, method, params, why)
  refusal(what, why, ask(who, method, params))
end

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

-- For the files that come after this one.
kit.declared, kit.names, kit.bodies, kit.absences = declared, names, bodies, absences
kit.options, kit.need_text, kit.object, kit.show, kit.nearest = options, need_text, object, show, nearest
kit.failed, kit.ask, kit.must, kit.refused, kit.refusal = failed, ask, must, refused, refusal
kit.person_of, kit.time_of = person_of, time_of
-- Has the engine been made? From now on it has.
function kit.begin()
  local was = begun
  begun = true
  return was
end
