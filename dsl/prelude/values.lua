-- SPDX-License-Identifier: Apache-2.0
-- The kinds of values that stand at keys, each checked and turned into its form in the model.
--
-- P.kinds[KIND](w, value, spot) gives the model's form, or nil after it has said what is wrong.
-- w is what is known of the workflow (see workflow.lua); nil in a team's file.
local P = ...
local host = P.host
local type, next = type, next
local mathtype = P.std.math.type

local ARRAY, OBJECT = { __json = "array", __metatable = false }, { __json = "object", __metatable = false }
function P.array(t) return setmetatable(t or {}, ARRAY) end
function P.object(t) return setmetatable(t or {}, OBJECT) end
P.null = setmetatable({}, { __json = "null", __metatable = false })

local kinds = {}
P.kinds = kinds

local function expected(spot, what, v)
  if v ~= P.placeholder then P.fail(spot, "expected %s, got %s", what, P.describe(v)) end
end
P.expected = expected

-- Is it a plain table of the file, neither node nor placeholder?
function P.is_table(v)
  return type(v) == "table" and not P.data[v] and v ~= P.placeholder
end

-- Items of a list with the spot of each.
function P.items(v, spot)
  local i, n = 0, P.length(v)
  return function()
    i = i + 1
    if i <= n then
      return i, v[i], P.sub(spot, i)
    end
  end
end

-- The keys of a table that are texts, in the order in which they were written.
function P.written_keys(t, spot)
  local list, n = {}, 0
  for _, key in next, (P.keys(t)) do
    if type(key) == "string" then
      local _, at = P.place(P.sub(spot, key))
      n = n + 1
      list[n] = { key = key, at = at or 1 << 30, value = t[key] }
    end
  end
  return P.sort(list, n, function(a, b) return a.at < b.at end)
end

-- The same where nothing may stand without a key.
function P.only_keys(t, spot)
  if P.length(t) > 0 then P.fail(spot, "expected names with values, got %s without a name", P.describe(t[1])) end
  return P.written_keys(t, spot)
end

-- A list of names: one alone, or several.
local function names(v, spot, what)
  if type(v) == "string" then return P.array { v } end
  if not P.is_table(v) then return expected(spot, what, v) end
  local out = P.array()
  for _, item, place in P.items(v, spot) do
    if type(item) == "string" then out[#out + 1] = item else expected(place, what, item) end
  end
  for key in P.pairs(v) do
    if type(key) == "string" then P.fail(P.sub(spot, key), 'unknown key "%s": expected a list', key) end
  end
  return out
end
P.names = names

local function typed(what, test)
  return function(_, v, spot)
    if test(v) then return v end
    expected(spot, what, v)
  end
end

kinds.text = typed("text in quotes", function(v) return type(v) == "string" end)
kinds.flag = typed("true or false", function(v) return type(v) == "boolean" end)
kinds.whole = typed("a whole number", function(v) return mathtype(v) == "integer" end)
kinds.name = typed("a name of small letters, digits, dots and _",
  function(v) return type(v) == "string" and host.name_valid(v) end)
kinds.person_key = typed("a person's key", function(v) return type(v) == "string" and host.key_valid(v) end)
kinds.version = typed("a whole number from 1", function(v) return mathtype(v) == "integer" and v >= 1 end)
kinds.case_prefix = typed("two to eight capitals and digits, like \"CR\"",
  function(v) return type(v) == "string" and #v >= 2 and #v <= 8 and v:find "^%u[%u%d]*$" ~= nil end)
kinds.currency = typed('a currency code like "CNY"',
  function(v) return type(v) == "string" and v:find "^%u%u%u$" ~= nil end)

local function word(known)
  return function(_, v, spot)
    for _, one in ipairs(known) do
      if v == one then return v end
    end
    if v == P.placeholder then return end
    P.fail_near(spot, v, known, 'expected one of "%s", got %s', P.std.table.concat(known, '", "'), P.describe(v))
  end
end
kinds.client = word { "none", "own", "project" }
local purposes = {}
for i, row in ipairs(P.members.serves) do purposes[i] = row[1] end
kinds.purpose = word(purposes)
kinds.language = word { "en", "zh" }
kinds.proof = word { "file" }
kinds.scheme = word { "standard", "github", "bearer" }
kinds.priority = word { "low", "normal", "high", "urgent", "up", "down" }

-- A comment that must be given with the event, that the client reads, or both. Shared where it is
-- not said otherwise with the event.
local note_words = '"required", "shared" or { "required", "shared" }'
function kinds.note(_, v, spot)
  if v == false then return end
  local said = {}
  for _, word in ipairs(names(v, spot, note_words) or {}) do
    if word ~= "required" and word ~= "shared" then return expected(spot, note_words, word) end
    said[word] = true
  end
  if said.shared then return { required = said.required, shared = true } end
  return said.required
end

local languages = { "en", "zh" }
function kinds.title(_, v, spot)
  if type(v) == "string" then return v end
  if not P.is_table(v) then return expected(spot, 'text, or { en = "...", zh = "..." }', v) end
  local out = P.object()
  for key, item in P.pairs(v) do
    if key ~= "en" and key ~= "zh" then
      P.fail_near(P.sub(spot, key), key, languages, "unknown language %s: expected en or zh", P.describe(key))
    elseif type(item) ~= "string" then
      expected(P.sub(spot, key), "text in quotes", item)
    else
      out[key] = item
    end
  end
  return out
end

-- { low = { en = "Low", zh = "..." } }: titles of words; known says which words there are, when
-- that is known already.
function P.titles(w, v, spot, known, what)
  if not P.is_table(v) then return expected(spot, what .. 's with their titles: { low = { en = "Low" } }', v) end
  local out, is = P.object(), {}
  for _, name in ipairs(known) do is[name] = true end
  for _, item in ipairs(P.only_keys(v, spot)) do
    local place = P.sub(spot, item.key)
    if not is[item.key] then
      P.fail_near(place, item.key, known, 'a title for the %s "%s", which there is not', what, item.key)
    elseif item.value ~= P.placeholder then
      out[item.key] = kinds.title(w, item.value, place)
    end
  end
  return out
end

function kinds.duration(_, v, spot)
  if type(v) ~= "string" then return expected(spot, 'a duration like "3 days"', v) end
  local wrong = host.duration(v)
  if wrong then return P.fail(spot, "%s", wrong) end
  return v
end

-- "." separates the words of an event's name; "*" stands for all.
function kinds.event(_, v, spot)
  if type(v) ~= "string" then return expected(spot, "an event's name", v) end
  if v ~= "*" and not v:find "^[%w_%-]+[%w_%.%-]*$" then
    return P.fail(spot, '"%s" is no name for an event: expected words joined by dots', v)
  end
  return v
end

-- A number of a field: whole numbers as they are, decimals as text.
local function number(v, spot)
  if mathtype(v) == "integer" then return v end
  if host.is_decimal(v) then return host.tostring(v) end
  if mathtype(v) == "float" then
    local text = ("%.14g"):format(v)
    if host.decimal_valid(text) then return text end
  end
  if type(v) == "string" then return v end
  expected(spot, "a number", v)
end
kinds.limit = function(_, v, spot) return number(v, spot) end
P.number = number

-- Plain data of the file: what may stand in defaults, values, options.
local function plain(v, spot, depth)
  local kind = type(v)
  if kind == "string" or kind == "boolean" or mathtype(v) == "integer" then return v end
  if kind == "number" or host.is_decimal(v) then return number(v, spot) end
  if P.is_node(v, "secret") then return P.object { secret = P.data[v].name } end
  if not P.is_table(v) or depth > 20 then return expected(spot, "plain data", v) end
  local listed = P.length(v) > 0
  local out = listed and P.array() or P.object()
  for key, item in P.pairs(v) do
    if listed ~= (mathtype(key) == "integer") then
      P.fail(spot, "expected a list or names with values, got both")
    elseif item ~= P.placeholder then
      out[key] = plain(item, P.sub(spot, key), depth + 1)
    end
  end
  return out
end
P.plain = function(v, spot) return plain(v, spot, 0) end
kinds.plain = function(_, v, spot) return plain(v, spot, 0) end

-- Does the value suit the field, by the engine's own check? operand: it is compared with, so that bounds
-- are no part of it. Gives the value, or nil after it has said what is wrong.
function P.suits(field, value, spot, operand)
  if value == nil or field.broken then return value end
  local wrong = host.suits(P.object { field = field, value = value, operand = operand or false })
  if wrong then return P.fail(spot, 'field "%s": %s', field.name, wrong) end
  return value
end

-- Reads the keys of a node's body by its word's table into out; unknown ones are mistakes.
-- Kinds "-" are the caller's own. rename: key -> member of the model.
function P.read_keys(w, node, out, rename)
  local d = P.data[node]
  local row, body = d.row, d.body or {}
  local known = {}
  for key, kind in P.pairs(row.keys) do
    known[#known + 1] = key
    if kind:sub(-1) == "!" and body[key] == nil then
      P.fail(P.spot(node), '%s lacks the key "%s"', P.called(node), key)
    end
  end
  for _, item in ipairs(P.written_keys(body, P.spot(node))) do
    local key, kind, spot = item.key, row.keys[item.key], P.spot(node, item.key)
    if kind == nil then
      P.fail_near(spot, key, known, 'unknown key "%s" in %s', key, P.called(node))
    elseif kind ~= "-" and item.value ~= P.placeholder then
      kind = kind:gsub("!", "")
      local value = kinds[kind](w, item.value, spot)
      local name = rename and rename[key] or key
      if value ~= nil then
        out[name] = value
        P.mark(out, name, item.at < 1 << 30 and item.at or nil)
      end
    end
  end
  return out
end

-- The positional items of a node's body that may stand there, in order.
function P.positional(node, holds)
  local d = P.data[node]
  local body, list = d.body or {}, {}
  holds = holds or d.row.holds
  for i, item, spot in P.items(body, P.spot(node)) do
    if item == P.placeholder then
      -- reported where it came from
    elseif not P.is_node(item) then
      P.fail(spot, "%s cannot hold %s", P.called(node), P.describe(item))
    elseif not P.is_node(item, holds) then
      local at = P.data[item].line
      P.mistake(at or P.place(spot), ("%s cannot stand in %s"):format(P.called(item), P.called(node)))
    elseif P.complete(item) then
      list[#list + 1] = item
    end
  end
  for key in P.pairs(body) do
    if type(key) == "number" and (mathtype(key) ~= "integer" or key < 1 or key > P.length(body)) then
      P.fail(P.spot(node), "%s has an empty place in its list", P.called(node))
      break
    end
  end
  return list
end
