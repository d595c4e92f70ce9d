-- SPDX-License-Identifier: Apache-2.0
-- The workflow as a whole: roles, fields, and the model that comes of it.
local P = ...
local host, kinds = P.host, P.kinds
local type, next = type, next

local reserved = { priority = true, owner = true, key = true, outcome = true, state = true, event = true }

local make_field

-- Type, limits, choices of a field's node, without its place in the workflow.
local field_type = P.nested(function(w, v, spot)
  local d = P.data[v]
  if not P.complete(v) then return end
  local out = P.read_keys(w, v, P.object { type = d.word })
  if d.word == "choice" then
    out.choices = P.array()
    for _, item, place in P.items(d.body, P.spot(v)) do
      if type(item) ~= "string" then P.expected(place, "a choice in quotes", item) else out.choices[#out.choices + 1] = item end
    end
    if P.length(d.body) == 0 then P.fail(P.spot(v), "choice holds no choices") end
    if d.body.titles ~= nil and d.body.titles ~= P.placeholder then
      out.titles = P.titles(w, d.body.titles, P.spot(v, "titles"), out.choices, "choice")
    end
  else
    P.positional(v)
  end
  if d.word == "list" and out.of then out.of.name, out.of.shared = nil, nil end
  if d.word == "record" then
    out.fields = P.array()
    if P.is_table(d.body.fields) then
      for _, item in ipairs(P.written_keys(d.body.fields, P.spot(v, "fields"))) do
        out.fields[#out.fields + 1] = make_field(w, item.key, item.value, P.spot(v, "fields", item.key))
      end
    end
    if #out.fields == 0 then P.fail(P.spot(v), "record: expected fields = { name = text {} }") end
  end
  return out
end)

function make_field(w, name, v, spot)
  if v == P.placeholder then return P.object { name = name, type = "text", broken = true } end
  if not (P.is_node(v) and P.data[v].row.kind == "field") then
    return P.expected(spot, "a type like text {} or number {}", v)
  end
  local out = field_type(w, v, spot)
  if out then out.name = name end
  return out
end

function kinds.field(w, v, spot)
  if not (P.is_node(v) and P.data[v].row.kind == "field") then
    return P.expected(spot, "a type like text {} or number {}", v)
  end
  return field_type(w, v, spot)
end

-- A default is a value like any other; the engine reads a field with its default, so it is taken out.
local function check_default(field, node)
  if field.default == nil then return end
  local bare = P.object()
  for key, value in next, field do
    if key ~= "default" then bare[key] = value end
  end
  field.default = P.suits(bare, field.default, P.spot(node, "default"))
end

local function read_fields(w, node, key, shared)
  local d = P.data[node]
  local given = d.body[key]
  if given == nil or given == P.placeholder then return end
  if not P.is_table(given) then return P.expected(P.spot(node, key), "{ name = text {} }", given) end
  for _, item in ipairs(P.written_keys(given, P.spot(node, key))) do
    local spot = P.spot(node, key, item.key)
    if reserved[item.key] then
      P.fail(spot, 'a field cannot be named "%s": every case has that already', item.key)
    elseif w.fields[item.key] then
      P.fail(spot, 'a second field "%s"', item.key)
    elseif not host.name_valid(item.key) then
      P.fail(spot, '"%s" is no name for a field: small letters, digits and _', item.key)
    else
      local field = make_field(w, item.key, item.value, spot)
      if field then
        field.shared = shared
        if P.is_node(item.value) then check_default(field, item.value) end
        P.mark(field, P.itself, item.at < 1 << 30 and item.at - 2 or nil) -- at its name
        w.fields[item.key] = field
        w.field_list[#w.field_list + 1] = item.key
        w.model_fields[#w.model_fields + 1] = field
      end
    end
  end
  if P.length(given) > 0 then P.fail(P.spot(node, key), "%s: expected names with their types", key) end
end

local function read_roles(w, node)
  local given = P.data[node].body.roles
  if given == nil then return end
  w.roles_said = true
  if not P.is_table(given) then return P.expected(P.spot(node, "roles"), '{ "pm", "client" }', given) end
  for _, item, spot in P.items(given, P.spot(node, "roles")) do
    if item == P.placeholder then
      -- reported already
    elseif type(item) ~= "string" or not host.key_valid(item) then
      P.expected(spot, "a role of small letters, digits and -", item)
    elseif P.built_in[item] then
      P.fail(spot, '"%s" is built in and needs no declaring', item)
    elseif w.roles[item] then
      P.fail(spot, 'a second role "%s"', item)
    else
      w.roles[item] = true
      w.role_list[#w.role_list + 1] = item
      P.mark_item(w.role_list, spot)
    end
  end
  for _, item in ipairs(P.written_keys(given, P.spot(node, "roles"))) do
    local spot = P.spot(node, "roles", item.key)
    if type(item.value) ~= "string" or not P.built_in[item.value] then
      P.expected(spot, 'a built-in role like "opener"', item.value)
    elseif not host.key_valid(item.key) or w.roles[item.key] or P.built_in[item.key] then
      P.fail(spot, '"%s" is taken: choose another name', item.key)
    else
      w.aliases[item.key] = item.value
    end
  end
end

function kinds.open(w, v, spot)
  if not P.is_table(v) then return P.expected(spot, "open = { by = ..., takes = { ... } }", v) end
  local out = P.object()
  for _, item in ipairs(P.only_keys(v, spot)) do
    local place = P.sub(spot, item.key)
    P.mark(out, item.key, item.at < 1 << 30 and item.at or nil)
    if item.key == "by" then
      out.by = kinds.who(w, item.value, place)
    elseif item.key == "takes" then
      out.takes = kinds.fields(w, item.value, place)
    else
      P.fail_near(place, item.key, { "by", "takes" }, 'unknown key "%s" in open', item.key)
    end
  end
  return out
end

-- How a case or a round of the workflow may end: what its finals, approvals and rungs say.
local function outcomes_of(state, list)
  local function add(name) if name then list[#list + 1] = name end end
  for _, inner in ipairs(state.states or {}) do
    if state.kind == nil and inner.kind == "final" then add(inner.outcome or inner.name) end
    outcomes_of(inner, list)
  end
  for _, outcome in ipairs(state.approval and P.approval_outcomes or {}) do add(outcome) end
  for _, deadline in ipairs(state.deadlines or {}) do
    for _, rung in ipairs(deadline.rungs) do
      for _, action in ipairs(rung.actions) do add(action.as) end
    end
  end
  return list
end

local function read_outcomes(w, node, model)
  local given = P.data[node].body.outcomes
  if given == nil or given == P.placeholder then return end
  model.outcomes = P.titles(w, given, P.spot(node, "outcomes"), outcomes_of(model, {}), "outcome")
end

-- What is known of the workflow while it is read.
local function new_reading(node)
  return {
    node = node, fields = {}, field_list = {}, model_fields = P.array(), roles = {}, role_list = P.array(),
    aliases = P.object(), states = {}, state_list = {}, deadlines = {}, functions = {},
  }
end

function P.workflow(node)
  local d = P.data[node]
  local w = new_reading(node)
  local model = P.mark_node(P.object { name = kinds.name(w, d.name, P.spot(node)), version = 1 }, node)
  read_roles(w, node)
  read_fields(w, node, "fields", true)
  read_fields(w, node, "internal", false)
  P.collect_states(w, node)
  P.read_keys(w, node, model)
  P.contents(w, node, model, {})
  read_outcomes(w, node, model)
  if model.states == nil then P.fail(P.spot(node), "%s holds no states", P.called(node)) end
  if #model.transitions == 0 then model.transitions = nil end
  model.fields, model.roles = w.model_fields, w.role_list
  if next(w.aliases) then model.aliases = w.aliases end
  P.check_functions(w)
  model.functions = P.model_functions(w)
  return { kind = "workflow", name = d.name, model = model, functions = w.functions, places = P.places(model) }
end
