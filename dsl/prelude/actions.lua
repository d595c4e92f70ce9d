-- SPDX-License-Identifier: Apache-2.0
-- Changes and effects said as data: run, enter, leave and the rungs of a deadline.
local P = ...
local host, kinds = P.host, P.kinds
local type = type

-- A value for a field, where it is said as a constant.
local function constant(field, v, spot)
  if field.type == "number" or field.type == "money" then
    local n = P.number(v, spot)
    if n == nil then return end
    if field.type == "money" or (field.places or 0) > 0 then return host.tostring(n) end
    return n
  end
  return P.plain(v, spot)
end

local function setting(w, field, v, spot)
  if not P.is_node(v) then
    local value = P.suits(field, constant(field, v, spot), spot)
    return value ~= nil and P.object { value = value } or nil
  end
  local d = P.data[v]
  if d.row.kind ~= "set" then return P.expected(spot, "a value, plus(1), now, from_event \"x\" or empty", v) end
  if not P.complete(v) then return end
  if d.word == "now" then
    if field.type ~= "time" and field.type ~= "date" then
      return P.fail(spot, 'now is a time: "%s" is a %s', field.name, field.type)
    end
    return P.object { now = true }
  elseif d.word == "plus" then
    if field.type ~= "number" and field.type ~= "money" then
      return P.fail(spot, 'plus adds numbers: "%s" is a %s', field.name, field.type)
    end
    local n = P.suits(field, constant(field, d.value, spot), spot, true)
    return n ~= nil and P.object { plus = n } or nil
  elseif d.word == "open_cases" then
    if field.type ~= "number" or (field.places or 0) > 0 then
      return P.fail(spot, 'open_cases counts: "%s" is no whole number', field.name)
    end
    return P.object { open_cases = P.names(d.name, spot, "a workflow's name") }
  elseif d.word == "last_contact" then
    if field.type ~= "time" then return P.fail(spot, 'last_contact is a moment: "%s" is no time', field.name) end
    return P.object { last_contact = d.name }
  elseif d.word == "from_event" then
    return P.object { from_event = d.name }
  end
  return P.object { empty = true }
end

-- { who = ... } with the node's own place for what is wrong with it.
local function who_action(member)
  return function(w, d, spot)
    local who = kinds.who(w, d.who, spot)
    return who and P.object { [member] = who }
  end
end

local function options(d, spot, known)
  local out = {}
  if d.value == nil then return out end
  if not P.is_table(d.value) then
    P.expected(spot, "{ ... }", d.value)
    return out
  end
  for _, item in ipairs(P.only_keys(d.value, spot)) do
    local place = P.sub(spot, item.key)
    if known and not known[item.key] then
      P.fail_near(place, item.key, known.list, 'unknown key "%s" in %s', item.key, d.word)
    else
      out[item.key] = P.plain(item.value, place)
    end
  end
  return out
end

local make = {}
P.make_action = make

function make.set(w, d, spot)
  local out = P.object()
  if not P.is_table(d.value) then return P.expected(spot, "set { field = value }", d.value) end
  for _, item in ipairs(P.only_keys(d.value, spot)) do
    local place = P.sub(spot, item.key)
    local name = P.field_name(w, item.key, place)
    if name and item.value ~= P.placeholder then out[name] = setting(w, w.fields[name], item.value, place) end
  end
  return P.object { set = out }
end

function make.emit(w, d, spot)
  local name = kinds.event(w, d.name, spot)
  if not name then return end
  return P.object { emit = name, data = d.value ~= nil and P.plain(d.value, spot) or nil }
end

make.remind, make.reassign = who_action "remind", who_action "reassign"

function make.notify(w, d, spot)
  local to
  if P.is_node(d.who, "channel") then
    to = P.object { channel = P.data[d.who].name }
  else
    to = kinds.who(w, d.who, spot)
  end
  if to == nil then return end
  local template, values = d.text, d.value
  if d.options then
    for _, item in ipairs(P.only_keys(d.options, spot)) do
      local place = P.sub(spot, item.key)
      if item.key == "template" then
        template = kinds.text(w, item.value, place)
      elseif item.key == "values" then
        values = item.value
      else
        P.fail_near(place, item.key, { "template", "values" }, 'unknown key "%s" in notify', item.key)
      end
    end
  end
  return P.object { notify = to, template = template, values = values ~= nil and P.plain(values, spot) or nil }
end

function make.priority(w, d, spot)
  local level = kinds.priority(w, d.name, spot)
  return level and P.object { priority = level }
end

function make.start(_, d, spot)
  local given = options(d, spot)
  return P.object { start = d.name, options = next(given) and P.object(given) or nil }
end

local fire_keys = { data = true, case = true, list = { "data", "case" } }
function make.fire(w, d, spot)
  local name = kinds.event(w, d.name, spot)
  local given = options(d, spot, fire_keys)
  return name and P.object { fire = name, data = given.data, case = given.case }
end

local decide_keys = { as = true, list = { "as" } }
local outcomes = { "approved", "rejected", "deferred", "changes" }
P.approval_outcomes = outcomes
function make.decide(_, d, spot)
  local given = options(d, spot, decide_keys)
  for _, outcome in ipairs(outcomes) do
    if outcome == d.name then return P.object { decide = outcome, as = given.as } end
  end
  P.fail_near(spot, d.name, outcomes, 'unknown outcome "%s"', d.name)
end

-- One action from its node. allow: the words that may stand here.
function P.action(w, node, spot, allow)
  local d = P.data[node]
  if d.row.kind ~= "action" then return P.expected(spot, "a change or an effect", node) end
  if not make[d.word] then
    return P.fail(spot, "%s can only stand in a rung of a deadline", d.word)
  end
  if not P.complete(node) then return end
  if allow and not allow[d.word] then
    return P.fail(P.spot(node), "%s can only stand in a rung of a deadline", d.word)
  end
  local out = make[d.word](w, d, P.spot(node))
  return out and P.mark_node(out, node)
end

local outside = { set = true, emit = true, remind = true, notify = true, reassign = true, priority = true,
  fire = true, start = true }

-- run, enter, leave: one action, a function, or a list of them.
function kinds.actions(w, v, spot)
  local out = P.array()
  local list = P.is_table(v) and v or { v }
  for i, item in ipairs(list) do
    local place = list == v and P.sub(spot, i) or spot
    if type(item) == "function" then
      out[#out + 1] = P.object { call = P.number_function(w, item, place, "run") }
      P.mark_item(out, place)
    elseif P.is_node(item) then
      out[#out + 1] = P.action(w, item, place, outside)
    else
      P.expected(place, "a change, an effect or a function", item)
    end
  end
  if list == v then
    for key in P.pairs(v) do
      if type(key) == "string" then
        P.fail(P.sub(spot, key), 'unknown key "%s": expected a list of changes and effects', key)
      end
    end
  end
  return out
end
