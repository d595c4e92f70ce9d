-- SPDX-License-Identifier: Apache-2.0
-- Deadlines: within, and the rungs at, late, again.
local P = ...
local kinds = P.kinds

-- per "priority" { high = "4 hours", normal = "2 days" }
local function per(w, node)
  local d, values = P.data[node], P.object()
  local spot = P.spot(node)
  local name, choices = d.name, nil
  if name == "priority" then
    choices = { "low", "normal", "high", "urgent" }
  elseif P.field_name(w, name, spot) then
    choices = w.fields[name].choices
  end
  for _, item in ipairs(P.only_keys(d.body or {}, spot)) do
    local place, known = P.sub(spot, item.key), not choices
    for _, one in ipairs(choices or {}) do known = known or one == item.key end
    if not known then
      P.fail_near(place, item.key, choices, '"%s" is none of the choices of "%s"', item.key, name)
    end
    values[item.key] = kinds.duration(w, item.value, place)
  end
  if next(values) == nil then P.fail(spot, "per: expected a duration for each value") end
  return P.object { per = name, values = values }
end

-- The duration stands first in the body, in quotes or as per; none beside due.
local function duration(w, node, due)
  local d = P.data[node]
  local first = d.body[1]
  if due then
    for _, key in ipairs { "from", "pause" } do
      if d.body[key] ~= nil then
        P.fail(P.spot(node, key), "%s: due says when, and %s has no place beside it", P.called(node), key)
      end
    end
    if type(first) == "string" or P.is_node(first, "per") then
      P.fail(P.spot(node), "%s: due says when, and a duration has no place beside it", P.called(node))
    end
    return
  end
  if P.is_node(first, "per") then
    if not P.complete(first) then return end
    return per(w, first)
  end
  if type(first) ~= "string" then
    if first ~= P.placeholder then
      P.fail(P.spot(node), '%s: expected a duration like "2 days" first, got %s', P.called(node), P.describe(first))
    end
    return
  end
  return kinds.duration(w, first, P.spot(node, { first }))
end

local function percent(d)
  local n = P.std.math.tointeger(tonumber(d.name:match "^(%d+)%%$" or ""))
  if n and n >= 1 and n <= 99 then return n end
  P.mistake(d.line, ('at "%s": expected a share from "1%%" to "99%%"'):format(d.name))
end

local order = { at = 1, late = 2, again = 3 }
-- Rungs stand in the model in the order at, late, again; those of one kind by when they come,
-- as far as that can be told here.
local function before(a, b)
  if a.order ~= b.order then return a.order < b.order end
  return (a.rung.at or 0) < (b.rung.at or 0)
end

local function rung(w, node, state)
  local d = P.data[node]
  local out = P.read_keys(w, node, P.mark_node(P.object { line = d.line, actions = P.array() }, node))
  local go
  for _, item in ipairs(P.positional(node)) do
    local a = P.data[item]
    if a.word == "go" then
      P.body_at(item)
      go = { to = kinds.states(w, a.name, P.spot(item)), line = a.line, at = a.word_at }
      out.actions[#out.actions + 1] = P.mark_node(P.object { go = true }, item)
      if state and state.approval then
        P.mistake(a.line, 'go is for states without an approval: write decide "..." here')
      end
    else
      out.actions[#out.actions + 1] = P.action(w, item, P.spot(item))
    end
    if a.word == "decide" and not (state and state.approval) then
      P.mistake(a.line, "decide needs an approval in the same state")
    elseif a.word == "decide" and a.name and state.approval[a.name] == nil and
      (a.name == "deferred" or a.name == "changes") then
      P.mistake(a.line, ('decide "%s": the approval has no "%s"'):format(a.name, a.name))
    end
  end
  if d.word == "at" then
    out.at = percent(d)
  else
    out[d.word] = kinds.duration(w, d.name, P.spot(node))
  end
  if d.word == "again" and out.most and out.most < 1 then
    P.fail(P.spot(node, "most"), "most: expected a whole number from 1")
  end
  return { rung = out, order = order[d.word], go = go }
end

--[[
The deadline of a within. owner: the name it has when it is given none. state: what it stands in
({ approval = body of its approval or nil }). The transitions of its go rungs are added to list.
]]
function P.deadline(w, node, owner, state, list)
  local d = P.data[node]
  local name = d.name or owner
  local out = P.read_keys(w, node, P.mark_node(P.object { line = d.line }, node))
  local rungs = {}
  if d.name then kinds.name(w, d.name, P.spot(node)) end
  if w.deadlines[name] then
    P.mistake(d.line, ('a second deadline "%s"; the first is in line %d: give this one a name of its own')
      :format(name, w.deadlines[name]))
  end
  w.deadlines[name] = w.deadlines[name] or d.line
  out.name, out.duration = name, duration(w, node, d.body.due ~= nil)
  local body = {}
  for i, item in ipairs(d.body) do
    if i > 1 or P.is_node(item, "at late again") then body[#body + 1] = item end
  end
  for _, item in ipairs(body) do
    if item == P.placeholder then
      -- reported already
    elseif not P.is_node(item, "at late again") then
      P.mistake(P.is_node(item) and P.data[item].line or d.line, ("%s cannot hold %s"):format(P.called(node), P.describe(item)))
    elseif P.complete(item) then
      rungs[#rungs + 1] = rung(w, item, state)
    end
  end
  rungs = P.sort(rungs, #rungs, before)
  out.rungs = P.array()
  for i, one in ipairs(rungs) do
    out.rungs[i] = one.rung
    if one.go then
      local go = P.object { kind = "go", deadline = name, rung = i, to = one.go.to, line = one.go.line }
      list[#list + 1] = P.mark(go, P.itself, one.go.at)
    end
  end
  return out
end
