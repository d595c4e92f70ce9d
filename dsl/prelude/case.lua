-- SPDX-License-Identifier: Apache-2.0
-- What a function is given: the case c and the event e, as read-only values; and the changes and
-- effects that it says, as a list of actions.
local P = ...
local host = P.host
local type, next = type, next
local raise = P.raise

-- ---- values that come in ----

local function incoming(field, v)
  if v == nil then return nil end
  if field and field.type == "money" or field and (field.places or 0) > 0 then
    return type(v) == "string" and host.decimal(v) or v
  elseif field and field.type == "list" and type(v) == "table" then
    local out = {}
    for i, item in ipairs(v) do out[i] = incoming(field.of, item) end
    return P.read_only(out)
  elseif field and field.type == "record" and type(v) == "table" then
    local out = {}
    for _, member in ipairs(field.fields) do out[member.name] = incoming(member, v[member.name]) end
    return P.read_only(out)
  elseif type(v) == "table" then
    local out = {}
    for k, item in next, v do out[k] = incoming(nil, item) end
    return P.read_only(out)
  end
  return v
end

local function refuse_write()
  raise("the case is read-only here: use c:set, c:emit and their like")
end

-- A read-only table whose unknown members are mistakes. get(key) gives value and whether known.
local function view(what, known, get, all)
  local proxy = {}
  P.content[proxy] = all or {}
  return setmetatable(proxy, {
    __metatable = false, __json = "shadow",
    __newindex = refuse_write,
    __index = function(_, key)
      local value, is_known = get(key)
      if value == nil and not is_known then
        raise(('unknown %s "%s"%s'):format(what, host.tostring(key), (P.did_you_mean(key, known()))))
      end
      return value
    end,
  })
end

local function names_of(list)
  local out = {}
  for _, one in ipairs(list) do out[#out + 1] = one.name end
  return out
end

-- ---- the workflow as functions need it ----

local model
-- Called once, when the version is opened.
function P.prepare(given)
  model = { fields = {}, field_names = names_of(given.fields or {}), parents = {}, state_names = {}, roles = {},
    aliases = given.aliases or {}, role_names = given.roles or {}, name = given.name }
  for _, field in ipairs(given.fields or {}) do model.fields[field.name] = field end
  for _, role in ipairs(given.roles or {}) do model.roles[role] = true end
  local function walk(states, parent)
    for _, state in ipairs(states or {}) do
      model.parents[state.name] = parent or ""
      model.state_names[#model.state_names + 1] = state.name
      walk(state.states, state.name)
    end
  end
  walk(given.states, nil)
end

local function need_state(name)
  if type(name) ~= "string" or not model.parents[name] then
    raise(('unknown state %s%s'):format(P.describe(name), (P.did_you_mean(name, model.state_names))))
  end
end

-- ---- what a function says ----

local levels = { low = true, normal = true, high = true, urgent = true, up = true, down = true }

local function need_text(v, what)
  if type(v) ~= "string" then raise(("expected %s, got %s"):format(what, P.describe(v))) end
  return v
end

-- Plain data for an effect, checked now so that the error has its line.
local function plain(v, depth)
  local kind = type(v)
  if depth > 20 then raise("data nested too deeply") end
  if v == nil or kind == "boolean" or host.is_decimal(v) or P.std.math.type(v) == "integer" then return v end
  if kind == "string" then
    if not host.utf8_valid(v) then raise("text that is not UTF-8") end
    return v
  end
  if kind ~= "table" or P.data[v] then raise(("%s is no plain data"):format(P.describe(v))) end
  local n, out = P.length(v), nil
  out = n > 0 and P.array() or P.object()
  local items = 0
  for key, item in P.pairs(v) do
    if (n > 0) ~= (P.std.math.type(key) == "integer") then
      raise("data is either a list or names with values, not both")
    end
    items = items + 1
    out[key] = plain(item, depth + 1)
  end
  if n > 0 and items ~= n then raise("a list with an empty place") end
  return out
end

-- People: a role, a person's key, group "x", person "x", a list of these. What holds itself ends
-- by its depth.
local PEOPLE_DEPTH, PEOPLE_MOST = 8, 1000
local function who(v, depth)
  depth = depth or 0
  if depth > PEOPLE_DEPTH then raise("lists of people nested too deeply") end
  if type(v) == "string" then
    if P.built_in[v] or model.roles[v] or model.aliases[v] then return v end
    if host.key_valid(v) then return P.object { person = v } end
  elseif P.is_node(v, "group person decided_by") and P.data[v].name then
    return P.object { [P.data[v].word] = P.data[v].name }
  elseif type(v) == "table" and not P.data[v] then
    local out = P.array()
    if P.length(v) > PEOPLE_MOST then raise(("more than %d people"):format(PEOPLE_MOST)) end
    for i = 1, P.length(v) do out[i] = who(v[i], depth + 1) end
    return out
  end
  raise(("expected a role, a person or a list of them, got %s"):format(P.describe(v)))
end

local methods = {}

function methods.set(run, name, value)
  local field = type(name) == "string" and model.fields[name]
  if not field then
    raise(('unknown field %s%s'):format(P.describe(name), (P.did_you_mean(name, model.field_names))))
  end
  if value ~= nil then value = plain(value, 0) end
  if value ~= nil then
    -- numbers of a decimal field are text on the wire
    if (field.type == "money" or (field.places or 0) > 0) and type(value) == "number" then
      value = host.tostring(value)
    end
    local wrong = host.check_value(name, value)
    if wrong then raise(('field "%s": %s'):format(name, wrong)) end
  end
  run.fields[name] = incoming(field, host.is_decimal(value) and host.tostring(value) or value)
  return { set = P.object { [name] = P.object { value = value == nil and P.null or value } } }
end

function methods.emit(_, name, data)
  return { emit = need_text(name, "an event's name"), data = plain(data, 0) }
end

function methods.send(_, name, options)
  local out = { send = need_text(name, "an event's name") }
  if type(options) ~= "table" then raise('c:send needs { after = "3 days" }') end
  for key, value in P.pairs(options) do
    if key == "after" then
      out.after = need_text(value, "a duration")
      local wrong = host.duration(value)
      if wrong then raise(wrong) end
    elseif key == "id" then
      out.id = need_text(value, "an id")
    elseif key == "data" then
      out.data = plain(value, 0)
    else
      raise(("unknown key %s in c:send: expected after, data, id"):format(P.describe(key)))
    end
  end
  if not out.after then raise('c:send needs { after = "3 days" }') end
  return out
end

function methods.cancel(_, id)
  return { cancel = need_text(id, "the id given to c:send") }
end

function methods.assign(_, to)
  return { assign = who(to) }
end

function methods.priority(run, level)
  if not levels[level] then raise("expected low, normal, high, urgent, up or down, got " .. P.describe(level)) end
  if level ~= "up" and level ~= "down" then run.input.priority = level end
  return { priority = level }
end

function methods.remind(_, to)
  return { remind = who(to) }
end

function methods.notify(_, to, template, values)
  if P.is_node(to, "channel") then
    to = P.object { channel = P.data[to].name }
  else
    to = who(to)
  end
  return { notify = to, template = template ~= nil and need_text(template, "a template's name") or nil, values = plain(values, 0) }
end

function methods.open(_, workflow, fields)
  return { open = need_text(workflow, "a workflow's name"), fields = plain(fields, 0) }
end

function methods.fire(_, key, event, data)
  return { fire = need_text(event, "an event's name"), case = need_text(key, "a case's key"), data = plain(data, 0) }
end

-- ---- c and e ----

-- Those that are made on demand; what is neither one of these nor a method is given as it is.
local made = { fields = true, is_in = true, visits = true, people = true, project = true, ballots = true, tasks = true }
local members, is_member, case_names, event_names = {}, { priority = true }, {}, {}
local is_event_member = {}
do
  local rest = {}
  for name in next, methods do rest[name] = true end
  for name in next, made do rest[name] = true end
  for i, row in ipairs(P.members.c) do
    local name = row[1]
    case_names[i] = name
    if not rest[name] then
      members[#members + 1] = name
      is_member[name] = true
    end
    rest[name] = nil
  end
  assert(next(rest) == nil, next(rest)) -- whatever there is has its row
  for i, row in ipairs(P.members.e) do
    event_names[i] = row[1]
    is_event_member[row[1]] = true
  end
end
local optional = { people = true, project = true, ballots = true, tasks = true }

local function people_of(input)
  local given = input.people
  return view("role", function() return model.role_names end, function(role)
    local known = type(role) == "string" and (model.roles[role] or model.aliases[role] or P.built_in[role])
    local list = known and given[role]
    return known and P.read_only(list or {}) or nil
  end, given)
end

local function active_states(input)
  local active = {}
  for _, name in ipairs(input.states or {}) do
    while name and name ~= "" do
      active[name] = true
      name = model.parents[name]
    end
  end
  return active
end

local function new_case(run)
  local input, cache = run.input, {}
  local active = active_states(input)
  local fields = view("field", function() return model.field_names end, function(name)
    if name == "priority" then return input.priority, true end
    return run.fields[name], model.fields[name] ~= nil
  end, run.fields)
  local get = { fields = function() return fields end }
  function get.people() return people_of(input) end
  for _, name in ipairs { "project", "ballots", "tasks" } do
    get[name] = function() return incoming(nil, input[name]) end
  end
  local function is_in(_, name)
    need_state(name)
    return active[name] == true
  end
  local function visits(_, name)
    need_state(name)
    return (input.visits or {})[name] or 0
  end
  -- Made when first asked for: most functions use one or two.
  local function method(name)
    local make = methods[name]
    return host.shield(function(_, ...)
      if run.purpose ~= "run" then
        raise(("c:%s: a %s decides and changes nothing"):format(name, run.purpose == "guard" and "condition" or "function that names people"))
      end
      if #run.actions >= 1000 then raise("more than 1000 changes and effects") end
      run.actions[#run.actions + 1] = P.object(make(run, ...))
    end)
  end
  function get.is_in() return host.shield(is_in) end
  function get.visits() return host.shield(visits) end
  for _, name in ipairs(members) do cache[name] = input[name] end
  return view("member of the case", function() return case_names end, function(key)
    -- c:priority("high") changes it; c.fields.priority reads it in any function
    if key == "priority" and run.purpose ~= "run" then return input.priority, true end
    local value = cache[key]
    if value == nil then
      if methods[key] then
        value = method(key)
      elseif get[key] and (not optional[key] or input[key] ~= nil) then
        value = get[key]()
      end
      if value ~= nil then cache[key] = value end -- nil also where key is no number (NaN)
    end
    return value, is_member[key]
  end)
end

local function new_event(given)
  given = given or {}
  local data = {}
  for name, value in next, given.data or {} do data[name] = incoming(model.fields[name], value) end
  local all = {}
  for _, name in ipairs(event_names) do all[name] = given[name] end
  all.data = P.read_only(data)
  return view("member of the event", function() return event_names end,
    function(key) return all[key], is_event_member[key] end, all)
end

-- ---- answers ----

local answer = {}

function answer.guard(_, yes, reason)
  if yes ~= true and yes ~= false then
    raise(("a condition must return true, or false and a reason; it returned %s"):format(P.describe(yes)))
  end
  if yes then return true end
  if reason ~= nil and (type(reason) ~= "string" or not host.utf8_valid(reason)) then
    raise("the reason of a refusal must be text")
  end
  local cut = 1000
  while reason and cut < #reason and reason:byte(cut + 1) & 0xc0 == 0x80 do cut = cut - 1 end
  return P.array { false, reason == nil and P.null or reason:sub(1, cut) }
end

local function add_people(out, seen, v, input, depth)
  if depth > PEOPLE_DEPTH then raise("lists of people nested too deeply") end
  if P.is_node(v, "person") and P.data[v].name then v = P.data[v].name end
  if type(v) == "table" and not P.data[v] then
    for i = 1, P.length(v) do add_people(out, seen, v[i], input, depth + 1) end
  elseif type(v) == "string" and (model.roles[v] or model.aliases[v]) and input.people then
    add_people(out, seen, input.people[v] or {}, input, depth + 1)
  elseif type(v) == "string" and host.key_valid(v) then
    if not seen[v] then out[#out + 1] = v end
    seen[v] = true
    if #out > PEOPLE_MOST then raise(("more than %d people"):format(PEOPLE_MOST)) end
  else
    raise(("a function that names people must return their keys; it returned %s"):format(P.describe(v)))
  end
end

function answer.who(run, v)
  local out = P.array()
  if v ~= nil then add_people(out, {}, v, run.input, 0) end
  return out
end

function answer.run(run)
  return run.actions
end

-- A migration's function: the old fields, as their own version types them; what it gives are new
-- values by name, empty where a field shall have none.
local function migrate(f, input)
  local types, names, values = {}, names_of(input.types or {}), {}
  for _, field in ipairs(input.types or {}) do types[field.name] = field end
  for name, value in next, input.fields or {} do values[name] = incoming(types[name], value) end
  local given = f(view("field", function() return names end, function(name)
    return values[name], types[name] ~= nil
  end, values))
  local out = P.object()
  if given == nil then return out end
  if type(given) ~= "table" or P.data[given] or P.length(given) > 0 then
    raise(("a migration must return the new fields by their names; it returned %s"):format(P.describe(given)))
  end
  for name in P.pairs(given) do
    local value = given[name]
    if not model.fields[name] then
      raise(('unknown field "%s"%s'):format(host.tostring(name), (P.did_you_mean(host.tostring(name), model.field_names))))
    end
    out[name] = P.is_node(value, "empty") and P.null or plain(value, 0)
  end
  return out
end

-- call(number, purpose, input): the answer, ready to become JSON.
function P.call(number, purpose, input)
  local one = P.callable[number]
  if not one then raise("no function " .. number) end
  if purpose == "fields" then return migrate(one.f, input) end
  local run = { purpose = purpose, input = input.c or {}, actions = P.array(), fields = {} }
  for name, field in next, model.fields do
    run.fields[name] = incoming(field, (run.input.fields or {})[name])
  end
  return answer[purpose](run, one.f(new_case(run), new_event(input.e)))
end
