-- SPDX-License-Identifier: Apache-2.0
-- How long what is kept of a case that has ended: rules of a time and of what goes then.
local P = ...
local host, kinds = P.host, P.kinds
local type = type

local whole = { "all", "internal" }
local rule_keys = { "after", "erase" }

local function read_after(v, spot)
  if type(v) ~= "string" then return P.expected(spot, 'a time like "3 years"', v) end
  local wrong = host.period(v)
  if wrong then return P.fail(spot, "%s", wrong) end
  return v
end

local function read_erase(w, v, spot)
  if v == "all" or v == "internal" then return v end
  if type(v) == "string" then
    return P.fail_near(spot, v, whole, 'expected "all", "internal", or a list of fields, got %s', P.describe(v))
  end
  local out = kinds.fields(w, v, spot)
  if out and P.is_table(v) and P.length(v) == 0 then
    return P.fail(spot, 'this erases nothing: expected "all", "internal", or a list of fields')
  end
  return out
end

local function read_rule(w, v, spot)
  local out = P.object { line = (P.place(spot)) }
  for _, item in ipairs(P.only_keys(v, spot)) do
    local place = P.sub(spot, item.key)
    P.mark(out, item.key, item.at < 1 << 30 and item.at or nil)
    if item.value == P.placeholder then
      -- reported already
    elseif item.key == "after" then
      out.after = read_after(item.value, place)
    elseif item.key == "erase" then
      out.erase = read_erase(w, item.value, place)
    else
      P.fail_near(place, item.key, rule_keys, 'unknown key "%s" in a rule of retention', item.key)
    end
  end
  for _, key in ipairs(rule_keys) do
    if v[key] == nil then P.fail(spot, 'a rule of retention lacks "%s"', key) end
  end
  return out
end

function P.retention(w, node)
  local body, out = P.data[node].body, P.array()
  for _, item, spot in P.items(body, P.spot(node)) do
    if P.is_table(item) then
      local rule = read_rule(w, item, spot)
      local _, at = P.place(spot)
      out[#out + 1] = P.mark(rule, P.itself, at)
    else
      P.expected(spot, '{ after = "3 years", erase = ... }', item)
    end
  end
  for key in P.pairs(body) do
    if type(key) == "string" then
      P.fail(P.spot(node, key), 'unknown key "%s": expected rules, { { after = "3 years", erase = ... } }', key)
    end
  end
  if P.length(body) == 0 then P.fail(P.spot(node), 'retention holds no rule: expected { after = "3 years", erase = ... }') end
  return P.mark_node(out, node)
end
