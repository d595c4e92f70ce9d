-- SPDX-License-Identifier: Apache-2.0
-- States and their transitions, in document order.
local P = ...
local kinds = P.kinds

local state_words = "state parallel final history"
P.state_words = state_words

-- First walk: every name, so that targets may stand before what they name.
P.collect_states = P.nested(function(w, node)
  local d = P.data[node]
  if P.is_node(node, state_words) then
    if w.states[d.name] then
      P.mistake(d.line, ('a second state "%s"; the first is in line %d'):format(d.name, w.states[d.name].line))
    elseif type(d.name) == "string" then
      w.states[d.name] = d
      w.state_list[#w.state_list + 1] = d.name
      kinds.name(w, d.name, P.spot(node))
    end
  end
  local body = P.is_table(d.body) and d.body or {}
  for _, item in ipairs(body) do
    if P.is_node(item, state_words) then P.collect_states(w, item) end
  end
end)

local function events(w, d, spot)
  local out = P.array()
  local list = type(d.name) == "table" and d.name or { d.name }
  for _, name in ipairs(list) do out[#out + 1] = kinds.event(w, name, spot) end
  return out
end

local make = {}

function make.on(w, node)
  local d = P.data[node]
  local out = P.mark_node(P.object { kind = "event", on = events(w, d, P.spot(node)), line = d.line }, node)
  P.positional(node)
  P.read_keys(w, node, out)
  if out.internal and not out.to then
    P.fail(P.spot(node, "internal"), "internal = true needs a target: without one nothing is left anyway")
  end
  return out
end

function make.always(w, node)
  P.positional(node)
  return P.read_keys(w, node, P.mark_node(P.object { kind = "always", line = P.data[node].line }, node))
end

function make.after(w, node)
  local d = P.data[node]
  P.positional(node)
  local out = P.object { kind = "after", after = kinds.duration(w, d.name, P.spot(node)), line = d.line }
  P.mark_node(out, node)
  return P.read_keys(w, node, out)
end

-- edit = { pm = { "summary" }, ccb = "all" }
function kinds.edit(w, v, spot)
  if not P.is_table(v) then return P.expected(spot, 'edit = { role = { fields } or "all" }', v) end
  local out = P.array()
  for _, item in ipairs(P.written_keys(v, spot)) do
    local place = P.sub(spot, item.key)
    local who = kinds.role(w, item.key, place)
    local fields = item.value == "all" and "all" or kinds.fields(w, item.value, place)
    if who and fields then
      out[#out + 1] = P.mark(P.object { who = who, fields = fields }, P.itself, item.at)
    end
  end
  if P.length(v) > 0 then P.fail(spot, 'expected edit = { role = { fields } or "all" }') end
  return out
end


-- Everything positional in a state or the workflow itself, in its order.
local function contents(w, node, out, inner)
  local d = P.data[node]
  local tasks_to, tasks_at
  out.transitions = P.array()
  for _, item in ipairs(P.positional(node)) do
    local i = P.data[item]
    if P.is_node(item, state_words) then
      out.states = out.states or P.array()
      out.states[#out.states + 1] = P.state(w, item)
    elseif i.word == "within" then
      out.deadlines = out.deadlines or P.array()
      out.deadlines[#out.deadlines + 1] = P.deadline(w, item, d.name, inner, out.transitions)
    elseif i.word == "approval" then
      if out.approval then P.mistake(i.line, ("a second approval in %s"):format(P.called(node))) end
      out.approval = P.approval(w, item, out.transitions)
    elseif i.word == "migrate" then
      out.migrations = out.migrations or P.array()
      out.migrations[#out.migrations + 1] = P.migration(w, item)
    elseif i.word == "retention" then
      if out.retention then P.mistake(i.line, ("a second retention in %s"):format(P.called(node))) end
      out.retention = P.retention(w, item)
    elseif i.word == "tasks" then
      if out.tasks then P.mistake(i.line, ("a second list of tasks in %s"):format(P.called(node))) end
      out.tasks, tasks_to = P.tasks(w, item)
      tasks_at = P.data[item].word_at
    else
      out.transitions[#out.transitions + 1] = make[i.word](w, item)
    end
  end
  if tasks_to then
    out.transitions[#out.transitions + 1] = P.mark(P.object { kind = "tasks", to = tasks_to }, P.itself, tasks_at)
  end
end
P.contents = contents

-- The approval's body of a state, which its deadlines are checked against.
local function approval_body(d)
  for _, item in ipairs(d.body or {}) do
    if P.is_node(item, "approval") then return P.data[item].body end
  end
end

P.state = P.nested(function(w, node)
  local d = P.data[node]
  local out = P.mark_node(P.object { name = d.name, kind = d.word, line = d.line }, node)
  local above = w.above
  w.above = node
  P.read_keys(w, node, out)
  local to = out.done
  out.done = nil
  contents(w, node, out, { approval = approval_body(d) })
  if to then
    local line, at = P.place(P.spot(node, "done"))
    out.transitions[#out.transitions + 1] = P.mark(P.object { kind = "done", to = to, line = line }, P.itself, at)
    if not out.states then P.fail(P.spot(node, "done"), "done needs states inside %s", P.called(node)) end
  end
  if d.word == "state" and out.start and not out.states then
    P.fail(P.spot(node, "start"), "start needs states inside %s", P.called(node))
  end
  if d.word == "parallel" and not out.states then P.fail(P.spot(node), "%s holds no states", P.called(node)) end
  if d.word == "history" and (above == nil or P.data[above].word == "workflow") then
    P.mistake(d.line, "a history stands inside the state that it remembers")
  end
  if #out.transitions == 0 then out.transitions = nil end
  w.above = above
  return out
end)
