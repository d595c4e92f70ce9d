-- SPDX-License-Identifier: Apache-2.0
-- Constructors: what "state", "on", "one_of" are in a team's file.
--
-- A word is called in stages: state "x" { ... }, at_least(2) "ccb" { ... }. Every call gives a
-- new node, which knows its line and its number in the order of making; a node can be used as
-- soon as only stages that may be missing are left. Nodes are empty tables: what they know lies
-- in P.data, out of the file's reach.
local P = ...
local host = P.host
local type, select = type, select

local data = setmetatable({}, { __mode = "k" })
P.data = data
P.by_word = {}
for _, row in ipairs(P.words) do
  P.by_word[row.word] = row
  for i, stage in ipairs(row.stages) do
    row.stages[i] = { kind = stage:gsub("[?!]", ""), optional = stage:sub(-1) == "?" }
  end
end

-- ---- the placeholder: stands for an unknown word, takes everything, says nothing more ----

local placeholder = {}
do
  local function itself() return placeholder end
  local meta = { __metatable = false, __len = function() return 0 end, __newindex = function() end,
    __tostring = function() return "?" end, __lt = function() return false end, __le = function() return false end }
  for _, name in ipairs { "index", "call", "concat", "add", "sub", "mul", "div", "idiv", "mod", "unm", "pow" } do
    meta["__" .. name] = itself
  end
  setmetatable(placeholder, meta)
end
P.placeholder = placeholder

-- ---- nodes ----

local NODE = { __metatable = false }
local made, uses = 0, {}

local function node_of(d)
  local node = setmetatable({}, NODE)
  data[node] = d
  return node
end

-- "on "submit"", "all_of": how a message names a node.
function P.called(node)
  local d = data[node]
  if type(d.name) == "string" and d.row.stages[1].kind:find "name" then
    return ('%s "%s"'):format(d.word, d.name)
  end
  return d.word
end

local what = {
  name = "a name in quotes", names = "a name in quotes, or a list of them", who = "a role, or other words for people",
  text = "text in quotes", number = "a number", value = "a value", body = "a body in braces",
  duration = 'a duration like "3 days"', percent = 'a share like "80%"', weights = "weights in braces",
  who_or_body = "a person's key, or a body in braces", who_or_channel = "who is told",
}

local function list_of_texts(v)
  if type(v) ~= "table" or data[v] then return false end
  for _, item in ipairs(v) do
    if type(item) ~= "string" then return false end
  end
  return P.length(v) > 0
end

local accepts = {
  name = function(v) return type(v) == "string" end,
  names = function(v) return type(v) == "string" or list_of_texts(v) end,
  who = function(v) return type(v) == "string" or type(v) == "table" or type(v) == "function" end,
  number = function(v) return type(v) == "number" end,
  body = function(v) return type(v) == "table" and not data[v] end,
  value = function(v) return v ~= nil end,
}
accepts.text, accepts.duration, accepts.percent = accepts.name, accepts.name, accepts.name
accepts.weights = accepts.body
accepts.who_or_channel = accepts.who
accepts.who_or_body = function(v) return type(v) == "string" or accepts.body(v) end

-- The body's key for each kind of stage.
local slot = { body = "body", value = "value", number = "number", weights = "weights", who = "who",
  who_or_channel = "who", text = "text" }

-- One argument for the next stage; d is the copy that is filled.
local function feed(d, v)
  local row = d.row
  local stage = row.stages[d.stage + 1]
  if d.word == "notify" and d.stage == 1 and accepts.body(v) then
    -- notify "pm" { template = "x", values = {} } says both at once
    d.stage = #row.stages
    d.options = v
    d.tables = d.tables + 1
    return
  end
  while stage and stage.optional and not accepts[stage.kind](v) and row.stages[d.stage + 2] do
    d.stage = d.stage + 1
    stage = row.stages[d.stage + 1]
  end
  if not stage then
    P.mistake(host.here(), ("%s takes nothing more here"):format(d.word))
    return
  end
  d.stage = d.stage + 1
  if v == placeholder then
    d.broken = true
  elseif not accepts[stage.kind](v) then
    d.broken = true
    P.mistake(host.here(), ("%s: expected %s, got %s"):format(d.word, what[stage.kind], P.describe(v)))
    return
  end
  local name = slot[stage.kind] or "name"
  if stage.kind == "who_or_body" then name = type(v) == "table" and "body" or "name" end
  if type(v) == "table" and not data[v] then
    if name == "body" or d.table_index == nil then d.table_index = d.tables end
    d.tables = d.tables + 1
  end
  if v ~= placeholder then d[name] = v end
end

function NODE.__call(self, ...)
  local old, d = data[self], {}
  for k, v in next, old do d[k] = v end
  if P.phase == "call" and not d.row.call then
    P.raise(("%s builds rules: it cannot be used inside a function"):format(d.word))
  end
  if not d.line then
    made = made + 1
    d.line, d.serial, d.tables = host.here(), made, 0
  end
  if select("#", ...) == 0 then P.mistake(host.here(), ("%s: expected %s, got nothing"):format(d.word, what[(d.row.stages[d.stage + 1] or { kind = "value" }).kind])) end
  for i = 1, select("#", ...) do feed(d, (select(i, ...))) end
  if old.stage == 0 and P.phase ~= "call" then
    -- the nth of its kind on this line, to find its place in the text
    local key = d.line .. d.word .. (type(d.name) == "string" and d.name or "")
    d.nth = uses[key] or 0
    uses[key] = d.nth + 1
  end
  return node_of(d)
end

function NODE.__index(self, key)
  if P.phase == "call" then P.raise("a " .. data[self].word .. " has no members") end
  P.mistake(host.here(), ('%s has no member "%s"'):format(P.called(self), key))
  return placeholder
end

function NODE.__newindex(self)
  P.raise(("%s cannot be changed"):format(data[self].word))
end

-- Where the body of a node stands in the text, or nil.
function P.body_at(node)
  local d = data[node]
  if d.at == nil and d.line then
    local name = type(d.name) == "string" and d.name or nil -- a share or a duration as well
    d.word_at = host.word(d.line, d.word, name, d.nth or 0) or host.word(d.line, d.word, nil, d.nth or 0)
    d.at = d.word_at and host.body(d.word_at, d.table_index or 0) or false
  end
  return d.at or nil
end

-- Is this a node of one of these words (a space-separated list; nil: any)?
function P.is_node(v, words)
  local d = type(v) == "table" and data[v]
  if not d then return false end
  return words == nil or (" " .. words .. " "):find(" " .. d.word .. " ", 1, true) ~= nil
end

-- A node whose stages that must be there have come; says so when not.
function P.complete(node)
  local d = data[node]
  for i = d.stage + 1, #d.row.stages do
    local stage = d.row.stages[i]
    if not stage.optional then
      P.mistake(d.line or 0, ("%s: expected %s"):format(P.called(node), what[stage.kind]))
      return false
    end
  end
  return not d.broken
end

function P.describe(v)
  if type(v) == "table" and data[v] then return P.called(v) end
  if type(v) == "string" then return ('"%s"'):format(v:sub(1, 40)) end
  if type(v) == "number" or type(v) == "boolean" then return host.tostring(v) end
  if v == nil then return "nothing" end
  return "a " .. (host.is_decimal(v) and "decimal" or type(v))
end

-- ---- the globals of a team's file ----

P.phase = "load"
P.known_words = {}
for word, row in next, P.by_word do
  P.globals[word] = node_of { word = word, row = row, stage = 0 }
end
for name in next, P.globals do P.known_words[#P.known_words + 1] = name end
P.known_words = P.sort(P.known_words, #P.known_words, function(a, b) return a < b end)

P.env = setmetatable({}, {
  __metatable = false,
  __index = function(_, name)
    local v = P.globals[name]
    if v ~= nil then return v end
    if P.phase == "call" then P.raise(('unknown name "%s"'):format(name)) end
    local text, near = P.did_you_mean(name, P.known_words)
    P.mistake(host.here(), ('unknown word "%s"%s'):format(name, text), near)
    return placeholder
  end,
  __newindex = function(_, name)
    if P.phase == "call" then P.raise(('"%s" is not local: nothing is kept between calls'):format(name)) end
    P.mistake(host.here(), ('"%s" is not local: write "local %s = ..."'):format(name, name))
  end,
})
