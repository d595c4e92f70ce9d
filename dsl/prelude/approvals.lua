-- SPDX-License-Identifier: Apache-2.0
-- Approvals with their rules, and checklists.
local P = ...
local host, kinds = P.host, P.kinds
local type = type
local mathtype = P.std.math.type

local nested = { all_of = true, any_of = true, in_order = true, everyone_answers = true }
local rule_words = P.by_word.all_of.holds

local function whole(d, what, least, most)
  if mathtype(d.number) == "integer" and d.number >= least and d.number <= most then return d.number end
  P.mistake(d.line, ("%s: expected %s, got %s"):format(d.word, what, P.describe(d.number)))
end

-- weighted(5) { ccb = 2, client = 3 }
local function weights(w, node)
  local d, out = P.data[node], P.array()
  local spot = P.spot(node)
  local old = d.table_index
  -- the weights are the first table of the call, the options the second
  d.table_index, d.at = 0, nil
  for _, item in ipairs(P.only_keys(d.weights or {}, spot)) do
    local place = P.sub(spot, item.key)
    local role = kinds.role(w, item.key, place)
    if mathtype(item.value) ~= "integer" or item.value < 1 then
      P.expected(place, "a whole number from 1", item.value)
    elseif role then
      out[#out + 1] = P.mark(P.object { who = role, weight = item.value }, P.itself, item.at)
    end
  end
  if #out == 0 and P.keys(d.weights or {})[1] == nil then P.fail(spot, "weighted: expected roles with their weights") end
  d.table_index, d.at = old, nil
  return out
end

local rule
rule = P.nested(function(w, node)
  local d = P.data[node]
  local out = P.mark_node(P.object { kind = d.word, line = d.line }, node)
  if not P.complete(node) then return end
  P.read_keys(w, node, out)
  if nested[d.word] then
    out.rules = P.array()
    for _, inner in ipairs(P.positional(node)) do out.rules[#out.rules + 1] = rule(w, inner) end
    if P.length(d.body) == 0 then P.fail(P.spot(node), "%s holds no rule", d.word) end
    return out
  end
  P.positional(node)
  if d.word == "weighted" then
    out.n, out.weights = whole(d, "a whole number from 1", 1, 1000000), weights(w, node)
    return out
  end
  out.who = kinds.who(w, d.who, P.spot(node))
  if type(d.who) == "string" and d.word_at then P.mark(out, "who", host.string(d.word_at, d.who)) end
  if d.word == "one_of" then
    out.kind, out.n = "at_least", 1
  elseif d.word == "at_least" then
    out.n = whole(d, "a whole number from 1", 1, 1000)
  elseif d.word == "percent" then
    out.p = whole(d, "a whole number from 1 to 100", 1, 100)
  end
  return out
end)

function kinds.rule(w, v, spot)
  if not P.is_node(v, rule_words) then
    return P.expected(spot, 'a rule like one_of "pm"', v)
  end
  return rule(w, v)
end

local outcomes = P.approval_outcomes

-- The approval of a state, and its transitions behind those already in list.
function P.approval(w, node, list)
  local d = P.data[node]
  local out = P.read_keys(w, node, P.mark_node(P.object { line = d.line }, node))
  P.positional(node)
  local named = P.array()
  for _, outcome in ipairs(outcomes) do
    local to = out[outcome]
    out[outcome] = nil
    -- An outcome whose target was a mistake still counts as said.
    if d.body[outcome] ~= nil then
      named[#named + 1] = outcome
      local line, at = P.place(P.spot(node, outcome))
      list[#list + 1] = P.mark(P.object { kind = "approval", outcome = outcome, to = to, line = line }, P.itself, at)
    end
  end
  if out.may_defer and not d.body.deferred then
    P.fail(P.spot(node, "may_defer"), 'may_defer without "deferred": nobody can defer')
  end
  if out.may_return and not d.body.changes then
    P.fail(P.spot(node, "may_return"), 'may_return without "changes": nobody can ask for changes')
  end
  out.outcomes = named
  return out
end

-- The checklist of a state; gives the tasks and the states that follow its end.
function P.tasks(w, node)
  local list, names = P.array(), {}
  local read = P.read_keys(w, node, {})
  for _, item in ipairs(P.positional(node)) do
    local d = P.data[item]
    if names[d.name] then
      P.mistake(d.line, ('a second task "%s" in this list; the first is in line %d'):format(d.name, names[d.name]))
    end
    names[d.name] = names[d.name] or d.line
    P.positional(item)
    local task = P.mark_node(P.object { name = kinds.name(w, d.name, P.spot(item)) }, item)
    list[#list + 1] = P.read_keys(w, item, task)
  end
  return list, read.done
end
