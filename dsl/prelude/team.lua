-- SPDX-License-Identifier: Apache-2.0
-- A team's file: settings, calendars, channels, the workflows in use, what makes a project red.
local P = ...
local host, kinds = P.host, P.kinds
local type = type

local calendar_keys = P.keys(P.by_word.calendar.any)
local is_calendar_key = P.by_word.calendar.any

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
  local out, week = P.object { line = d.line }, P.object()
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

-- What start may say of a schedule beside its workflow.
local start_keys = { "for_each", "project", "fields" }
local rounds = { "open project", "client" }
local policies = { "latest", "all", "skip" }

local function one_of(known, v, spot, what)
  for _, word in ipairs(known) do
    if word == v then return v end
  end
  if type(v) ~= "string" then return P.expected(spot, what, v) end
  P.fail_near(spot, v, known, 'unknown word "%s": expected %s', v, what)
end

local add_start = {}
function add_start.for_each(v, spot)
  return one_of(rounds, v, spot, '"open project" or "client"')
end
function add_start.project(v, spot)
  if type(v) == "string" and host.key_valid(v) then return v end
  return P.expected(spot, "a project's key", v)
end
function add_start.fields(v, spot)
  local out = P.object()
  if not P.is_table(v) then return P.expected(spot, "fields = { name = value }", v) end
  for _, item in ipairs(P.only_keys(v, spot)) do
    out[item.key] = P.plain(item.value, P.sub(spot, item.key))
  end
  return out
end

local function start(item)
  local d = P.data[item]
  local out = P.object { start = d.name, line = d.line }
  if d.value == nil then return out end
  if not P.is_table(d.value) then
    P.expected(P.spot(item), "{ ... }", d.value)
    return out
  end
  for _, given in ipairs(P.only_keys(d.value, P.spot(item))) do
    local spot = P.sub(P.spot(item), given.key)
    if not add_start[given.key] then
      P.fail_near(spot, given.key, start_keys, 'unknown key "%s" in start', given.key)
    elseif given.value ~= P.placeholder then
      out[given.key] = add_start[given.key](given.value, spot)
    end
  end
  if out.for_each and out.project then
    P.fail(P.spot(item), "start opens in one project or for_each, not both")
  end
  return out
end

-- A schedule's name is its identity over reloads: it goes on where it was.
local function schedule(node, list, seen)
  local d = P.data[node]
  local made = P.read_keys(nil, node, P.object { name = d.text, every = d.text, line = d.line })
  made.starts = P.array()
  for _, item in ipairs(P.positional(node)) do made.starts[#made.starts + 1] = start(item) end
  if #made.starts == 0 then P.fail(P.spot(node), 'every "%s": expected start "workflow"', d.text) end
  if made.missed then made.missed = one_of(policies, made.missed, P.spot(node, "missed"), '"latest", "all" or "skip"') end
  if #made.name > 120 then
    P.mistake(d.line, 'the name of a schedule has 120 bytes at most: give it a name = "..."')
  elseif seen[made.name] then
    P.mistake(d.line, ('a second schedule "%s"; the first is in line %d: give one a name = "..."'):format(made.name,
      seen[made.name]))
  else
    seen[made.name] = d.line
    list[#list + 1] = made
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
  if once(seen.calendar, node, "calendar") then
    team.calendar = team.calendar or P.data[node].name -- the first is the team's own
    team.calendars[P.data[node].name] = calendar(node)
  end
end
function add.channel(team, node, seen)
  if once(seen.channel, node, "channel") then team.channels[P.data[node].name] = channel(node) end
end
function add.every(team, node, seen)
  schedule(node, team.schedules, seen.every)
end
function add.hook(team, node, seen)
  if once(seen.hook, node, "hook") then team.hooks[#team.hooks + 1] = P.hook(seen, node) end
end


-- ---- health ----

local figures = {}
for i, row in ipairs(P.members.health) do figures[i] = row[1] end
local is_figure = {}
for _, name in ipairs(figures) do is_figure[name] = true end

-- { overdue = above(2) }: figures with the numbers that they may not pass, in the order of the figures.
function kinds.limits(_, v, spot)
  if not P.is_table(v) then return P.expected(spot, "limits like { overdue = above(2) }", v) end
  local given = {}
  for _, item in ipairs(P.only_keys(v, spot)) do
    local place = P.sub(spot, item.key)
    if not is_figure[item.key] then
      P.fail_near(place, item.key, figures, 'unknown figure "%s"', item.key)
    elseif not P.is_node(item.value, "above below min max") then
      P.expected(place, "a limit like above(2)", item.value)
    elseif P.complete(item.value) then
      local d = P.data[item.value]
      local n = P.number(d.value, place)
      if n ~= nil and not host.decimal_valid(host.tostring(n)) then
        P.expected(place, "a number", d.value)
      elseif n ~= nil then
        given[item.key] = P.object { figure = item.key, [d.word] = host.tostring(n), line = (P.place(place)) }
      end
    end
  end
  local out = P.array()
  for _, name in ipairs(figures) do out[#out + 1] = given[name] end
  return out
end

function add.health(team, node, seen)
  if seen.health then
    return P.mistake(P.data[node].line, ("a second health; the first is in line %d"):format(seen.health))
  end
  seen.health = P.data[node].line
  team.health = P.read_keys(nil, node, P.object {})
  P.positional(node)
end

function P.team(node)
  local d = P.data[node]
  local team = P.object { name = d.name, use = P.array(), calendars = P.object(), channels = P.object(), schedules = P.array(),
    hooks = P.array() }
  local seen = { use = {}, calendar = {}, channel = {}, every = {}, hook = {}, lines = P.object(), functions = {} }
  if not host.key_valid(d.name) then
    P.fail(P.spot(node), '"%s" is no key for a team: small letters, digits and -', d.name)
  end
  P.read_keys(nil, node, team)
  for _, item in ipairs(P.positional(node)) do add[P.data[item].word](team, item, seen) end
  for _, key in ipairs { "calendars", "channels" } do
    if next(team[key]) == nil then team[key] = nil end
  end
  for _, key in ipairs { "schedules", "hooks" } do
    if #team[key] == 0 then team[key] = nil end
  end
  P.check_functions(seen)
  return { kind = "team", name = d.name, model = team, lines = seen.lines, functions = seen.functions }
end
