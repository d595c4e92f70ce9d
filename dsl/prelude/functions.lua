-- SPDX-License-Identifier: Apache-2.0
-- The functions of a workflow: their numbers, what they may not do, what they reach.
--
-- A function must give the same answer whenever it is asked, so it keeps nothing: it assigns no
-- variable outside itself, and every table that it can reach is made read-only once the file
-- has run.
local P = ...
local host = P.host
local type, next = type, next
local debug = P.std.debug
local mathtype = P.std.math.type

-- ---- numbers ----

-- The number of a function: in the order in which the workflow's text is read, from 1. purpose: as
-- calls have it, "guard", "who", "run" or "fields".
function P.number_function(w, f, spot, purpose)
  local n = #w.functions + 1
  w.functions[n] = { f = f, spot = spot, purpose = purpose }
  return n
end

local function place(f)
  local info = debug.getinfo(f, "S")
  return info.linedefined, info.lastlinedefined
end

-- ---- what it reaches ----

-- visit(value) is called for every function and table that f reaches, each once.
local function reach(value, seen, visit)
  local kind = type(value)
  if (kind ~= "function" and kind ~= "table" and kind ~= "thread") or seen[value] then return end
  if P.library_names[value] or P.data[value] or value == P.env or value == P.placeholder then return end
  seen[value] = true
  visit(value, kind)
  if kind == "function" then
    for i = 1, 255 do
      local name, up = debug.getupvalue(value, i)
      if name == nil then break end
      reach(up, seen, visit)
    end
  elseif kind == "table" then
    for k, v in next, P.behind(value) do
      reach(k, seen, visit)
      reach(v, seen, visit)
    end
    local meta = debug.getmetatable(value)
    if meta and P.plain_meta[meta] then
      for _, v in next, meta do reach(v, seen, visit) end
    end
  end
end

local function scan(f, seen_lines)
  for _, found in ipairs(host.scan(f)) do
    local line, what, name = found[1], found[2], found[3]
    if what == "upvalue" then
      P.mistake(line, ('a function may not change "%s", which lives outside it: nothing is kept between calls'):format(name))
    elseif what == "nul" then
      -- told of when the file was compiled
    elseif what == "global" then
      P.mistake(line, ('"%s" is not local: write "local %s = ..."'):format(name, name))
    elseif P.globals[name] == nil then
      local text, near = P.did_you_mean(name, P.known_words)
      P.mistake(line, ('unknown name "%s"%s'):format(name, text), near)
    elseif P.by_word[name] and not P.by_word[name].call then
      P.mistake(line, ('"%s" builds rules: it cannot be used inside a function'):format(name))
    end
  end
end

local function check(value, kind, line)
  if kind == "thread" then
    P.mistake(line, "a function may not reach a coroutine: nothing is kept between calls")
  elseif kind == "function" then
    if debug.getinfo(value, "S").what == "C" or debug.getinfo(value, "S").short_src ~= "@" then
      P.mistake(line, "a function may not reach an iterator made outside it: nothing is kept between calls")
    else
      scan(value)
    end
  end
end

function P.check_functions(w)
  local seen = {}
  for _, one in ipairs(w.functions) do
    local line = place(one.f)
    reach(one.f, seen, function(value, kind) check(value, kind, line) end)
  end
end

-- ---- read-only ----

-- What is not there is asked of the script's own __index, which gets the table that refuses to be
-- written, never the one behind it: filling in what is missing would be a memory.
local function reader(proxy, t, index)
  if index == nil then return t end
  local call = type(index) == "function"
  return function(_, k)
    local v = t[k]
    if v ~= nil then return v end
    if call then return index(proxy, k) end
    return index[k]
  end
end

local function frozen_meta(proxy, t, old)
  local meta = { __json = "shadow", __metatable = false }
  if old then
    for k, v in next, old do
      if k ~= "__metatable" then meta[k] = v end
    end
  end
  meta.__index = reader(proxy, t, old and old.__index)
  meta.__newindex = function() P.raise("this table is read-only: nothing is kept between calls") end
  meta.__len = meta.__len or function() return P.length(t) end
  return meta
end

-- The content moves into a table behind it, since only an empty table can refuse to be written.
local function freeze(t)
  if P.content[t] then return end
  local behind, old = {}, debug.getmetatable(t)
  for k, v in next, t do behind[k] = v end
  for k in next, behind do t[k] = nil end
  P.content[t] = behind
  debug.setmetatable(t, frozen_meta(t, behind, old))
end

function P.freeze_functions(w)
  local seen, tables = {}, {}
  for _, one in ipairs(w.functions) do
    reach(one.f, seen, function(value, kind)
      if kind == "table" then tables[#tables + 1] = value end
    end)
  end
  for _, t in ipairs(tables) do freeze(t) end
end

-- ---- what identifies it: source and constants ----

local constant

local function constants_of(f, seen)
  local out = P.object()
  for i = 1, 255 do
    local name, value = debug.getupvalue(f, i)
    if name == nil then break end
    if name ~= "_ENV" then out[name] = constant(value, seen) end
  end
  return out
end

local function of_function(f, seen)
  local first, last = place(f)
  return P.object { lines = P.array { first, last }, constants = constants_of(f, seen) }
end

local function of_table(t, seen)
  local from = P.behind(t)
  local n = P.length(t)
  local out, others = P.array(), P.object()
  for _, k in ipairs((P.keys(t))) do
    local v = from[k]
    if mathtype(k) == "integer" and k >= 1 and k <= n then
      out[k] = constant(v, seen)
    else
      others[type(k) == "string" and "." .. k or "[" .. host.tostring(k) .. "]"] = constant(v, seen)
    end
  end
  if next(others) == nil then return out end
  return n > 0 and P.object { items = out, names = others } or others
end

-- What hashing cannot take as it is gets a form that can be told from everything else.
function constant(v, seen)
  local kind = type(v)
  if kind == "nil" then return P.null end
  if kind == "boolean" then return v end
  if kind == "string" then
    if host.utf8_valid(v) then return v end
    return P.object { bytes = v:gsub(".", function(c) return ("%02x"):format(c:byte()) end) }
  end
  if kind == "number" then
    if mathtype(v) == "integer" and v > -(1 << 53) and v < 1 << 53 then return v end
    return P.object { number = mathtype(v) == "integer" and host.tostring(v) or ("%a"):format(v) }
  end
  if host.is_decimal(v) then return P.object { decimal = host.tostring(v) } end
  if P.library_names[v] then return P.object { library = P.library_names[v] } end
  if P.data[v] then return P.object { word = P.data[v].word, name = type(P.data[v].name) == "string" and P.data[v].name or nil } end
  if v == P.placeholder or kind == "thread" then return P.null end
  if seen[v] then return P.object { same = seen[v] } end
  seen.n = seen.n + 1
  seen[v] = seen.n
  if kind == "function" then return of_function(v, seen) end
  return of_table(v, seen)
end

-- { "1": { lines, constants } }; the lines become source text in load.c.
function P.function_sources(w)
  local out = P.object()
  for i, one in ipairs(w.functions) do
    local seen = { n = 1, [one.f] = 1 }
    out[host.tostring(i)] = of_function(one.f, seen)
  end
  return out
end

local optional = { "people", "project", "ballots", "tasks" }

-- Are there such a member of c and e and such a field? What is not there ends the call that reads it.
local function is_member(w, word)
  local field = word:match "^c%.fields%.(.*)"
  if field then return w.fields[field] ~= nil end
  if word == "c.states" or word == "c.priority" or word:match "^e%.data%." then return true end
  local of, name = word:match "^([ce])%.(.*)"
  if of == nil then return true end
  for _, row in ipairs(P.members[of]) do
    if row[1] == name then return row[2]:match "^fun%(" == nil or name == "visits" end
  end
  return false
end

-- What the function may read, in the order of the words; those that another one holds are left out.
local function reads_of(w, one)
  local found, out = host.reads(one.f, one.purpose), P.array()
  -- its answer may name people by their roles
  if one.purpose == "who" then found["c.people"] = true end
  for _, word in ipairs((P.keys(found))) do
    local of = word:sub(1, 1)
    local part = word:match "^(c%.fields)%." or word:match "^(e%.data)%."
    local held = #word > 1 and found[of] or part and found[part]
    if not held and is_member(w, word) then out[#out + 1] = word end
  end
  return out
end

-- The model's part: line, which of the dearer things its text mentions, and what it may read.
function P.model_functions(w)
  if #w.functions == 0 then return nil end
  local out = P.object()
  for i, one in ipairs(w.functions) do
    local uses, used = P.array(), {}
    reach(one.f, {}, function(value, kind)
      if kind ~= "function" then return end
      local first, last = place(value)
      for _, name in ipairs(optional) do
        if not used[name] and host.mentions(first, last, name) then used[name] = true end
      end
    end)
    for _, name in ipairs(optional) do
      if used[name] then uses[#uses + 1] = name end
    end
    out[host.tostring(i)] = P.object {
      line = place(one.f), uses = uses, reads = one.purpose ~= "fields" and reads_of(w, one) or nil,
    }
  end
  return out
end

-- ---- loading a file ----

-- A text with NUL bytes is compared piece by piece, which no step pays for; it could not cross the
-- border anyway. So there is none: the library's functions make none either.
local function refuse_nul(chunk)
  for _, found in ipairs(host.scan(chunk)) do
    if found[2] == "nul" then P.mistake(found[1], "a text may not hold a NUL byte") end
  end
end

-- chunk: the compiled file. Gives what load.c hands on; mistakes are in P.mistakes.
function P.load(chunk, file)
  refuse_nul(chunk)
  local result = chunk()
  if result == P.placeholder then return {} end
  if not P.is_node(result, "workflow team") or not P.complete(result) then
    if not P.is_node(result, "workflow team") then
      P.mistake(1, ('the file returns %s: expected "return workflow ..." or "return team ..."'):format(P.describe(result)))
    end
    return {}
  end
  local word = P.data[result].word
  if (word == "team") ~= (file == "team") then
    P.mistake(P.data[result].line, word == "team" and "a team stands in team.lua" or "team.lua holds a team")
    return {}
  end
  if word == "team" then
    local team = P.team(result)
    P.callable = team.functions
    P.check_hooks(team.functions)
    return team
  end
  local made = P.workflow(result)
  if made.name ~= file then
    P.mistake(P.data[result].line, ('workflow "%s" stands in a file named "%s.lua": name both alike'):format(made.name, file))
  end
  made.sources = P.function_sources(made)
  for i, one in ipairs(made.functions) do host.says(one.f, host.tostring(i), one.purpose) end
  for _, row in ipairs(P.members.c) do host.says_name(row[2]:match "^fun%(" and "methods" or "members", row[1]) end
  for _, row in ipairs(P.members.e) do host.says_name("event", row[1]) end
  P.callable = made.functions
  return made
end

-- After a load without mistakes: the functions may be called from now on.
function P.seal()
  P.freeze_functions { functions = P.callable }
  P.phase = "call"
end
