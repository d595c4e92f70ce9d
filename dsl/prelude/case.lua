-- SPDX-License-Identifier: Apache-2.0
-- Calls of functions: the words for what is wrong with them, people, migrations. What functions are
-- given and what they say is C's business, see case.h.
local P = ...
local host = P.host
local type, next = type, next
local raise = P.raise

-- ---- values that come in, of a migration ----

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
  P.parents, P.field_numbers, P.known_people = model.parents, { priority = 0 }, {}
  for i, field in ipairs(given.fields or {}) do P.field_numbers[field.name] = i end
  for _, names in ipairs { P.built_in, model.roles, model.aliases } do
    for name in next, names do P.known_people[name] = true end
  end
  local functions = {}
  for i, one in ipairs(P.callable) do functions[i] = one.f end
  return functions
end

-- ---- what is unknown ----

local function unknown(what, key, known)
  raise(('unknown %s "%s"%s'):format(what, host.tostring(key), (P.did_you_mean(key, known))))
end

local names = { c = {}, e = {} }
for which, out in next, names do
  for i, row in ipairs(P.members[which]) do out[i] = row[1] end
end

-- members holds those of c or e that need more than to be read from the input; the rest gets known.
function P.name_members(which, members, known)
  local rows = {}
  for _, name in ipairs(names[which]) do
    rows[name] = true
    members[name] = members[name] or known
  end
  for name in next, members do assert(rows[name], name) end -- whatever there is has its row
end

function P.unknown_member(key) unknown("member of the case", key, names.c) end
function P.unknown_event_member(key) unknown("member of the event", key, names.e) end
function P.unknown_case_field(key) unknown("field", key, model.field_names) end
function P.unknown_role(key) unknown("role", key, model.role_names) end
function P.unknown_field(name)
  raise(("unknown field %s%s"):format(P.describe(name), (P.did_you_mean(name, model.field_names))))
end
function P.unknown_state(name)
  raise(("unknown state %s%s"):format(P.describe(name), (P.did_you_mean(name, model.state_names))))
end

-- ---- people ----

local PEOPLE_DEPTH, PEOPLE_MOST = 8, 1000
local function add_people(out, seen, v, people, depth)
  if depth > PEOPLE_DEPTH then raise("lists of people nested too deeply") end
  if P.is_node(v, "person") and P.data[v].name then v = P.data[v].name end
  if type(v) == "table" and not P.data[v] then
    for i = 1, P.length(v) do add_people(out, seen, v[i], people, depth + 1) end
  elseif type(v) == "string" and (model.roles[v] or model.aliases[v]) and people then
    add_people(out, seen, people[v], people, depth + 1)
  elseif type(v) == "string" and host.key_valid(v) then
    if not seen[v] then out[#out + 1] = v end
    seen[v] = true
    if #out > PEOPLE_MOST then raise(("more than %d people"):format(PEOPLE_MOST)) end
  else
    raise(("a function that names people must return their keys; it returned %s"):format(P.describe(v)))
  end
end

-- The persons that a function named by what it returned; people: c.people, or nil.
function P.people(v, people)
  local out = P.array()
  if v ~= nil then add_people(out, {}, v, people, 0) end
  return out
end

-- ---- migrations ----

local function refuse_write()
  raise("the case is read-only here: use c:set, c:emit and their like")
end

-- The function of migrate has no c: what it gives back is what counts.
local function refuse_old()
  raise("the old fields are read-only: return the new ones, { days = f.weeks * 5 }")
end

-- A read-only table whose unknown members are mistakes. get(key) gives value and whether known.
local function view(what, known, get, all, refuse)
  local proxy = {}
  P.content[proxy] = all or {}
  return setmetatable(proxy, {
    __metatable = false, __json = "shadow",
    __newindex = refuse or refuse_write,
    __index = function(_, key)
      local value, is_known = get(key)
      if value == nil and not is_known then
        raise(('unknown %s "%s"%s'):format(what, host.tostring(key), (P.did_you_mean(key, known()))))
      end
      return value
    end,
  })
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

-- A migration's function: the old fields, as their own version types them; what it gives are new
-- values by name, empty where a field shall have none.
function P.migrate(f, input)
  local types, names, values = {}, names_of(input.types or {}), {}
  for _, field in ipairs(input.types or {}) do types[field.name] = field end
  for name, value in next, input.fields or {} do values[name] = incoming(types[name], value) end
  local given = f(view("field", function() return names end, function(name)
    return values[name], types[name] ~= nil
  end, values, refuse_old))
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
