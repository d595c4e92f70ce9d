-- SPDX-License-Identifier: Apache-2.0
-- People and conditions: the words that stand behind by, owner, when and their like.
local P = ...
local host, kinds = P.host, P.kinds
local type = type

local built_in = { "opener", "owner", "pending", "anyone", "system" }
P.built_in = {}
for _, name in ipairs(built_in) do P.built_in[name] = true end

-- A role as it may be named here. Without a list of roles, naming one declares it.
local function role(w, name, spot)
  if P.built_in[name] or w.aliases[name] or w.roles[name] then return name end
  if not w.roles_said then
    if not host.key_valid(name) then
      return P.fail(spot, '"%s" is no name for a role: small letters, digits and -', name)
    end
    w.roles[name] = true
    w.role_list[#w.role_list + 1] = name
    return name
  end
  local known = {}
  for _, one in ipairs(w.role_list) do known[#known + 1] = one end
  for one in P.pairs(w.aliases) do known[#known + 1] = one end
  for _, one in ipairs(built_in) do known[#known + 1] = one end
  P.fail_near(spot, name, known, 'unknown role "%s"', name)
end
kinds.role = function(w, v, spot)
  if type(v) ~= "string" then return P.expected(spot, "a role", v) end
  return role(w, v, spot)
end

-- A name where one is named that the workflow declares elsewhere. The check waits until all of
-- them are known.
local function declared(noun, set, list)
  return function(w, v, spot)
    if type(v) ~= "string" then return P.expected(spot, "a " .. noun .. "'s name", v) end
    if not w[set][v] then
      return P.fail_near(spot, v, w[list], 'unknown %s "%s"', noun, v)
    end
    return v
  end
end
local state_name = declared("state", "states", "state_list")
local field_name = declared("field", "fields", "field_list")
P.state_name, P.field_name = state_name, field_name

function kinds.states(w, v, spot)
  local out = P.array()
  if type(v) == "string" then v = { v } end
  if not P.is_table(v) then return P.expected(spot, "a state's name, or a list of them", v) end
  for _, item, place in P.items(v, spot) do
    if item ~= P.placeholder then
      out[#out + 1] = state_name(w, item, place)
      P.mark_item(out, place)
    end
  end
  if P.length(v) == 0 then P.expected(spot, "a state's name", v) end
  return #out > 0 and out or nil
end

function kinds.fields(w, v, spot)
  local out = P.array()
  if type(v) == "string" then v = { v } end
  if not P.is_table(v) then return P.expected(spot, "a list of fields", v) end
  for _, item, place in P.items(v, spot) do
    if item ~= P.placeholder then
      out[#out + 1] = field_name(w, item, place)
      P.mark_item(out, place)
    end
  end
  for key in P.pairs(v) do
    if type(key) == "string" then P.fail(P.sub(spot, key), 'expected a list of fields, got the key "%s"', key) end
  end
  return out
end
kinds.covers = kinds.fields

function kinds.time_field(w, v, spot)
  local name = field_name(w, v, spot)
  if name and w.fields[name].type ~= "time" then
    return P.fail(spot, 'the field "%s" is a %s: expected one of type time', name, w.fields[name].type)
  end
  return name
end

function kinds.moment_field(w, v, spot)
  local name = field_name(w, v, spot)
  if name and w.fields[name].type ~= "date" and w.fields[name].type ~= "time" then
    return P.fail(spot, 'the field "%s" is a %s: expected one of type date or time', name, w.fields[name].type)
  end
  return name
end

local who_words = 'a role, a list of them, group "x", person "x", decided_by "state" or a function'

function kinds.who(w, v, spot)
  if type(v) == "string" then return role(w, v, spot) end
  if type(v) == "function" then return P.object { call = P.number_function(w, v, spot, "who") } end
  if P.is_node(v) then
    local d = P.data[v]
    if d.broken then return end
    if d.word == "decided_by" and d.name then
      return P.object { decided_by = state_name(w, d.name, spot) }
    elseif (d.word == "group" or d.word == "person") and d.name then
      if not host.key_valid(d.name) then
        return P.fail(spot, '"%s" is no key: small letters, digits and -', d.name)
      end
      return P.object { [d.word] = d.name }
    end
    return P.expected(spot, who_words, v)
  end
  if not P.is_table(v) then return P.expected(spot, who_words, v) end
  local out = P.array()
  for _, item, place in P.items(v, spot) do
    if item ~= P.placeholder then
      out[#out + 1] = kinds.who(w, item, place)
      P.mark_item(out, place)
    end
  end
  for key in P.pairs(v) do
    if type(key) == "string" then P.fail(P.sub(spot, key), 'expected a list of people, got the key "%s"', key) end
  end
  if #out == 0 and P.length(v) == 0 then P.expected(spot, who_words, v) end
  return #out > 0 and out or nil
end

kinds.who = P.nested(kinds.who)

-- Always a list.
function kinds.whos(w, v, spot)
  local who = kinds.who(w, v, spot)
  if who == nil then return end
  return P.is_table(v) and who or P.array { who }
end

function kinds.nobody(w, v, spot)
  if v == "skip" or v == "reject" then return v end
  if type(v) ~= "string" then return P.expected(spot, '"skip", "reject" or a role', v) end
  return role(w, v, spot)
end

-- ---- conditions ----

local priority = { type = "choice", choices = { "low", "normal", "high", "urgent" } }
local compared = { number = true, money = true, date = true, time = true }
local ordering = { above = true, below = true, min = true, max = true }

-- The operand for a field: decimals as text, whole numbers as they are.
local function operand(field, v, spot)
  if field and (field.type == "number" or field.type == "money") then
    local n = P.number(v, spot)
    if field.type == "money" or (field.places or 0) > 0 then
      n = n ~= nil and host.tostring(n)
      if n and not host.decimal_valid(n) then return P.fail(spot, "expected a number, got %s", P.describe(v)) end
    elseif type(n) == "string" then
      return P.fail(spot, "expected a whole number, got %s", P.describe(v))
    end
    return n or nil
  end
  if field and field.type == "choice" then
    for _, one in ipairs(field.choices) do
      if one == v then return v end
    end
    return P.fail_near(spot, v, field.choices, "%s is none of the field's choices", P.describe(v))
  end
  local value = P.plain(v, spot)
  if field == nil then return value end
  return P.suits(field, value, spot, true)
end

local function field_condition(w, name, v, spot, what)
  local field = what == "field" and (name == "priority" and priority or w.fields[name]) or nil
  local out = P.object { [what] = name }
  local op, value = "is", v
  if P.is_node(v) then
    local d = P.data[v]
    if d.row.kind ~= "op" then return P.expected(spot, "a value, or a word like above(1)", v) end
    if not P.complete(v) then return end
    op, value = d.word, d.value
  end
  if op == "filled" then
    out.filled = value ~= false
    return out
  end
  if value == P.placeholder then return end
  if field and (field.type == "list" or field.type == "record") then
    return P.fail(spot, "of a %s only filled can be asked", field.type)
  end
  if field and ordering[op] and not compared[field.type] then
    return P.fail(spot, '%s compares numbers, money, dates and times: "%s" is a %s', op, name, field.type)
  end
  if op == "one_in" then
    if not P.is_table(value) then return P.expected(spot, "one_in { ... } with a list", value) end
    local list = P.array()
    for _, item, place in P.items(value, spot) do list[#list + 1] = operand(field, item, place) end
    out.one_in = list
    return out
  end
  local converted = operand(field, value, spot)
  if converted == nil then return end
  out[op] = converted
  return out
end

local function keyed(w, v, spot, list)
  for _, item in ipairs(P.written_keys(v, spot)) do
    local name, place = item.key, P.sub(spot, item.key)
    if name == "event" and P.is_table(item.value) then
      for _, member in ipairs(P.only_keys(item.value, place)) do
        list[#list + 1] = field_condition(w, member.key, member.value, P.sub(place, member.key), "event")
      end
    elseif name == "priority" or field_name(w, name, place) then
      list[#list + 1] = field_condition(w, name, item.value, place, "field")
    end
  end
end

-- All the conditions in a table, in a list.
local function gather(w, v, spot)
  local list = P.array()
  for _, item, place in P.items(v, spot) do
    if item ~= P.placeholder then list[#list + 1] = kinds.cond(w, item, place) end
  end
  keyed(w, v, spot, list)
  return list
end

local node_conditions = {
  any = function(w, d, spot)
    if not P.is_table(d.value) then return P.expected(spot, "any { ... }", d.value) end
    return P.object { any = gather(w, d.value, spot) }
  end,
  no = function(w, d, spot)
    local cond = kinds.cond(w, d.value, spot)
    return cond and P.object { ["not"] = cond }
  end,
  in_state = function(w, d, spot)
    return P.object { ["in"] = kinds.states(w, d.name, spot) }
  end,
  none_open = function(_, d, spot)
    return P.object { none_open = P.names(d.name, spot, "a workflow's name") }
  end,
  tasks_done = function()
    return P.object { tasks_done = true }
  end,
}

function kinds.cond(w, v, spot)
  if type(v) == "function" then return P.object { call = P.number_function(w, v, spot, "guard") } end
  if P.is_node(v) then
    local d = P.data[v]
    local make = node_conditions[d.word]
    if not make then return P.expected(spot, "a condition", v) end
    if not P.complete(v) then return end
    return make(w, d, P.spot(v))
  end
  if not P.is_table(v) then return P.expected(spot, "a condition: { field = above(1) } or a function", v) end
  local list = gather(w, v, spot)
  if #list == 1 then return list[1] end
  return P.object { all = list }
end
kinds.cond = P.nested(kinds.cond)
