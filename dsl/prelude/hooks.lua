-- SPDX-License-Identifier: Apache-2.0
-- Hooks: other tools that send something in. A hook's function is given h and returns what is to be
-- done, as a table; whether that may be done is the engine's to say, as of any command of its person.
local P = ...
local host, kinds = P.host, P.kinds
local type, error = type, error

-- What a function has returned is looked at when it is over: a mistake in it stands where it begins.
local begins
local function raise(message)
  if host.here() == 0 then error(("@:%d: %s"):format(begins, message), 0) end
  P.raise(message)
end

-- ---- in team.lua ----

function kinds.handler(w, v, spot)
  if type(v) == "function" then return P.number_function(w, v, spot, "hook") end
  P.expected(spot, "a function of h", v)
end

function P.hook(w, node)
  local d = P.data[node]
  if not host.key_valid(d.name) then
    P.fail(P.spot(node), '"%s" is no name for a hook: a small letter, then small letters, digits and -, 32 at most', d.name)
  end
  local made = P.read_keys(w, node, P.object { name = d.name, line = d.line })
  P.positional(node)
  return made
end

-- ---- when it is called, and what stands there before ----

-- What it may return, by the key that says which: the types of those beside it.
local deeds, keys_beside = { "fire", "open", "comment", "ignore" }, {}
for _, deed in ipairs(deeds) do
  keys_beside[deed] = {}
  for _, row in ipairs(P.members.does) do
    if (" " .. (row.beside or "") .. " "):find(" " .. deed .. " ", 1, true) then
      keys_beside[deed][row[1]] = row[1] == "case" and "case" or row[2]:match "^[%w.]+"
    end
  end
end

-- Called once, when the version is opened.
function P.prepare_hooks()
  local functions = {}
  for i, one in ipairs(P.callable) do functions[i] = one.f end
  return functions
end

local function is_table(v)
  return type(v) == "table" and not P.data[v] and v ~= P.placeholder
end

-- A case's key, or { workflow = "issue", ticket = "PROJ-12" }: the one open case that has these values.
local function check_case(v)
  if type(v) == "string" then return v end
  local n = 0
  if is_table(v) and type(v.workflow) == "string" then
    for key, value in P.pairs(v) do
      local kind = type(value)
      if type(key) ~= "string" then raise "case: expected names with values" end
      if kind ~= "string" and kind ~= "number" and kind ~= "boolean" then
        raise(("case: %s is no value to look for under %s"):format(P.describe(value), key))
      end
      n = n + 1
    end
    if n > 1 then return v end
  end
  raise(('case: expected a case\'s key, or { workflow = "issue", ticket = "PROJ-12" }, got %s'):format(P.describe(v)))
end

local check_does
local checks = { case = check_case, ["signoff.Does"] = function(v) return check_does(v, true) end }

local function deed_of(v)
  for _, word in ipairs(deeds) do
    if v[word] ~= nil then return word end
  end
end

local function check_key(word, keys, key, value)
  local kind = keys[key]
  if key == word then
    if type(value) ~= "string" or value == "" then raise(("%s: expected text, got %s"):format(word, P.describe(value))) end
    return value
  end
  if kind == nil then
    local known = P.keys(keys)
    raise(('unknown key "%s" beside %s%s'):format(host.tostring(key), word, (P.did_you_mean(host.tostring(key), known))))
  end
  if checks[kind] then return checks[kind](value) end
  if kind == "table" and is_table(value) and P.length(value) == 0 and #P.keys(value) == 0 then return P.object() end
  if kind == "table" and is_table(value) or type(value) == kind then return value end
  raise(("%s: expected %s, got %s"):format(key, kind == "table" and "names with values" or kind, P.describe(value)))
end

function check_does(v, inner)
  local word = is_table(v) and deed_of(v)
  if not word then
    raise(('a hook returns a table with fire, open, comment or ignore; it returned %s'):format(P.describe(v)))
  end
  local out, keys = P.object(), keys_beside[word]
  for key, value in P.pairs(v) do out[key] = check_key(word, keys, key, value) end
  if keys.case and out.case == nil then raise(('%s: which case? give case = "CR-1"'):format(word)) end
  if inner and out.otherwise then raise "otherwise cannot stand in otherwise" end
  return out
end

local members = {}
for i, row in ipairs(P.members.h) do members[i] = row[1] end

-- A table that the function returns, as far as it stands there; ARG of rules.h.
local function check_written(line, arg, inner)
  local keys = arg.keys or {}
  local word = deed_of(keys)
  if not word then
    if not arg.open then P.mistake(line, "a hook returns a table with fire, open, comment or ignore") end
    return
  end
  local beside = keys_beside[word]
  for _, key in ipairs((P.keys(keys))) do
    if key ~= word and beside[key] == nil then
      local text, near = P.did_you_mean(key, (P.keys(beside)))
      P.mistake(line, ('unknown key "%s" beside %s%s'):format(key, word, text), near)
    end
  end
  if beside.case and keys.case == nil and not arg.open then
    P.mistake(line, ('%s: which case? give case = "CR-1"'):format(word))
  end
  if keys.otherwise == nil or keys.otherwise == true then return end
  if inner then return P.mistake(line, "otherwise cannot stand in otherwise") end
  check_written(line, keys.otherwise, true)
end

function P.check_hooks(functions)
  for i, one in ipairs(functions) do
    for _, fact in ipairs(host.says(one.f, host.tostring(i), "hook") or {}) do
      if fact.returns then
        check_written(fact.line, fact.returns, false)
      elseif fact.call then
        P.mistake(fact.line, ('h has no method "%s": a hook returns what is to be done'):format(fact.call))
      elseif fact.of == "case" and fact.write then
        P.mistake(fact.line, "h is read-only: return what is to be done")
      elseif fact.of == "case" and fact.name ~= "body" and fact.name ~= "headers" then
        local text, near = P.did_you_mean(fact.name, members)
        P.mistake(fact.line, ('unknown member of the hook "%s"%s'):format(fact.name, text), near)
      end
    end
  end
end

function P.call_hook(f, input)
  local h = {}
  begins = P.std.debug.getinfo(f, "S").linedefined
  P.content[h] = { body = input.body, headers = input.headers }
  setmetatable(h, {
    __metatable = false, __json = "shadow",
    __newindex = function() raise "h is read-only: return what is to be done" end,
    __index = function(_, key)
      if key == "body" then return input.body end
      if key == "headers" then return input.headers end
      raise(('unknown member of the hook "%s"%s'):format(host.tostring(key), (P.did_you_mean(host.tostring(key), members))))
    end,
  })
  return check_does(f(h), false), begins
end
