-- SPDX-License-Identifier: Apache-2.0
-- A new version's migration: how cases of older versions come to it.
local P = ...
local host, kinds = P.host, P.kinds
local mathtype = P.std.math.type

-- from = 2, or a list of versions.
local function read_from(w, node, taken)
  local given, out = P.data[node].body.from, P.array()
  local spot = P.spot(node, "from")
  local own = P.data[w.node].body.version or 1
  if given == nil then
    P.fail(P.spot(node), "migrate: expected from = the version that it is for")
    return out
  end
  if not P.is_table(given) then given = { given } end
  for _, item, place in P.items(given, spot) do
    if mathtype(item) ~= "integer" or item < 1 then
      P.expected(place, "a version's number", item)
    elseif item == own then
      P.fail(place, "this is version %d itself: a migration comes from another one", item)
    elseif taken[item] then
      P.fail(place, "a second migration from version %d", item)
    else
      taken[item] = true
      out[#out + 1] = item
    end
  end
  return out
end

-- states = { old = "new" }: the old version is not known here, so only what they become is looked
-- up; rehearsal knows both.
local function read_states(w, node)
  local given = P.data[node].body.states
  if given == nil or given == P.placeholder then return nil end
  local spot = P.spot(node, "states")
  if not P.is_table(given) then return P.expected(spot, '{ old_state = "new_state" }', given) end
  local out = P.object()
  for _, item in ipairs(P.only_keys(given, spot)) do
    local place = P.sub(spot, item.key)
    if not host.name_valid(item.key) then
      P.fail(place, '"%s" is no name of a state', item.key)
    elseif item.value ~= P.placeholder then
      local name = P.state_name(w, item.value, place)
      if name and w.states[name].word == "history" then
        P.fail(place, 'a case cannot be in "%s": it is a history', name)
      elseif name then
        out[item.key] = name
      end
    end
  end
  return out
end

-- fields = function(f) ... end: gets the old fields, gives the new ones that it changes.
local function read_fields(w, node)
  local given = P.data[node].body.fields
  if given == nil or given == P.placeholder then return nil end
  if type(given) ~= "function" then
    return P.expected(P.spot(node, "fields"), "a function of the old fields", given)
  end
  return P.number_function(w, given, P.spot(node, "fields"), "fields")
end

function P.migration(w, node)
  w.migrated_from = w.migrated_from or {}
  local out = P.object { line = P.data[node].line }
  P.positional(node)
  P.read_keys(w, node, out)
  out.from = read_from(w, node, w.migrated_from)
  out.states = read_states(w, node)
  out.fields = read_fields(w, node)
  return P.mark_node(out, node)
end
