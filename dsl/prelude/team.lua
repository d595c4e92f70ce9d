-- SPDX-License-Identifier: Apache-2.0
-- A team's file: settings, calendars, channels, the workflows in use.
local P = ...
local host, kinds = P.host, P.kinds
local type = type

local calendar_keys = { "timezone", "holidays", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
  "sunday", "monday_to_friday", "monday_to_saturday", "weekend", "every_day" }
local is_calendar_key = {}
for _, key in ipairs(calendar_keys) do is_calendar_key[key] = true end

-- "09:00-12:00"
local function hours(v, spot)
  local out = P.array()
  if type(v) == "string" then v = { v } end
  if not P.is_table(v) then return P.expected(spot, 'hours like { "09:00-12:00" }', v) end
  for _, item, place in P.items(v, spot) do
    local h1, m1, h2, m2 = (type(item) == "string" and item or ""):match "^(%d%d):(%d%d)%-(%d%d):(%d%d)$"
    local from, to = h1 and h1 * 60 + m1, h1 and h2 * 60 + m2
    if not from or m1 + 0 > 59 or m2 + 0 > 59 or to > 1440 or from >= to then
      P.expected(place, 'hours like "09:00-12:00"', item)
    else
      out[#out + 1] = item
    end
  end
  return out
end

local function calendar(node)
  local d = P.data[node]
  local out, week = P.object(), P.object()
  for _, item in ipairs(P.only_keys(d.body, P.spot(node))) do
    local spot = P.spot(node, item.key)
    if not is_calendar_key[item.key] then
      P.fail_near(spot, item.key, calendar_keys, 'unknown key "%s" in %s', item.key, P.called(node))
    elseif item.key == "timezone" then
      out.timezone = kinds.text(nil, item.value, spot)
    elseif item.key == "holidays" then
      out.holidays = P.names(item.value, spot, "a file's name")
    elseif item.value ~= P.placeholder then
      week[item.key] = hours(item.value, spot)
    end
  end
  if next(week) then out.hours = week end
  return out
end

-- Options as they stand, with their kind of channel.
local function channel(node)
  local d = P.data[node]
  if not d.body then return P.fail(P.spot(node), 'channel "%s": expected a body with its kind', d.name) end
  local out = P.plain(d.body, P.spot(node))
  if out and type(out.kind) ~= "string" then P.fail(P.spot(node), '%s lacks the key "kind"', P.called(node)) end
  return out
end

local function schedule(node, list)
  local d = P.data[node]
  local starts = P.positional(node)
  P.read_keys(nil, node, {})
  if #starts == 0 then P.fail(P.spot(node), 'every "%s": expected start "workflow"', d.text) end
  for _, item in ipairs(starts) do
    local action = P.make_action.start(nil, P.data[item], P.spot(item))
    list[#list + 1] = P.object { every = d.text, start = action.start, options = action.options }
  end
end

local function once(list, node, what)
  local d = P.data[node]
  if list[d.name] then
    P.mistake(d.line, ('a second %s "%s"; the first is in line %d'):format(what, d.name, list[d.name]))
    return false
  end
  list[d.name] = d.line
  return true
end

local add = {}
function add.use(team, node, seen)
  if once(seen.use, node, "use") then
    local read = P.read_keys(nil, node, P.object { workflow = P.data[node].name })
    P.positional(node)
    if kinds.name(nil, read.workflow, P.spot(node)) then team.use[#team.use + 1] = read end
    seen.lines[read.workflow] = P.data[node].line
  end
end
function add.calendar(team, node, seen)
  if once(seen.calendar, node, "calendar") then team.calendars[P.data[node].name] = calendar(node) end
end
function add.channel(team, node, seen)
  if once(seen.channel, node, "channel") then team.channels[P.data[node].name] = channel(node) end
end
function add.every(team, node)
  schedule(node, team.schedules)
end

function P.team(node)
  local d = P.data[node]
  local team = P.object { name = d.name, use = P.array(), calendars = P.object(), channels = P.object(), schedules = P.array() }
  local seen = { use = {}, calendar = {}, channel = {}, lines = P.object() }
  if not host.key_valid(d.name) then
    P.fail(P.spot(node), '"%s" is no key for a team: small letters, digits and -', d.name)
  end
  P.read_keys(nil, node, team)
  for _, item in ipairs(P.positional(node)) do add[P.data[item].word](team, item, seen) end
  for _, key in ipairs { "calendars", "channels" } do
    if next(team[key]) == nil then team[key] = nil end
  end
  if #team.schedules == 0 then team.schedules = nil end
  return { kind = "team", name = d.name, model = team, lines = seen.lines }
end
