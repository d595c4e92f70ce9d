-- SPDX-License-Identifier: Apache-2.0
-- Mistakes and their places.
--
-- A spot is where something stands: a node and the way from its body inwards, made of keys,
-- positions and { "a string" }. The line is looked for only when there is something to say.
local P = ...
local host = P.host
local type = type

P.mistakes = {}
local seen = {}
local MOST = 200 -- a file that wrong is not helped by more

function P.mistake(line, message, hint)
  local key = line .. ":" .. message
  if seen[key] or #P.mistakes >= MOST then return end
  seen[key] = true
  P.mistakes[#P.mistakes + 1] = { line = line, message = message, hint = hint, nth = #P.mistakes }
end

-- ' (did you mean "screening"?)' and the word itself, or "" when nothing is near.
function P.did_you_mean(word, known)
  local near = type(word) == "string" and host.nearest(word, known)
  if near then return (' (did you mean "%s"?)'):format(near), near end
  return ""
end

function P.spot(node, ...)
  return { node = node, way = { ... } }
end

function P.sub(spot, ...)
  local way = {}
  for _, step in ipairs(spot.way) do way[#way + 1] = step end
  for _, step in ipairs { ... } do way[#way + 1] = step end
  return { node = spot.node, way = way }
end

-- Line and position (which orders things as they were written; nil when not found).
function P.place(spot)
  local data = P.data[spot.node]
  local at = P.body_at(spot.node)
  local line, found = data.line, nil
  for _, step in ipairs(spot.way) do
    local here
    if at == nil then break end
    if type(step) == "table" then
      here = host.string(at, step[1])
    elseif type(step) == "number" then
      here = host.item(at, step)
    else
      here = host.key(at, step)
    end
    if here == nil then break end
    at, found = here, here
    line = host.line(here)
  end
  return line, found
end

-- fail(spot, format, ...): a mistake there. P.fail_near adds the nearest of the known words.
function P.fail(spot, format, ...)
  P.mistake(P.place(spot), format:format(...))
end

function P.fail_near(spot, word, known, format, ...)
  local text, near = P.did_you_mean(word, known)
  P.mistake(P.place(spot), format:format(...) .. text, near)
end

-- A converter that may call itself, for what is nested. What holds itself is found by its depth.
local DEEPEST = 60
local depth = 0
function P.nested(convert)
  return function(w, v, spot)
    if depth >= DEEPEST then
      local line = spot and P.place(spot) or P.data[v] and P.data[v].line or 1
      error(("@:%d: nested more than %d deep: does it hold itself?"):format(line, DEEPEST), 0)
    end
    depth = depth + 1
    local result = convert(w, v, spot)
    depth = depth - 1
    return result
  end
end

-- The mistakes in the order of their lines.
function P.mistakes_sorted()
  return P.sort(P.mistakes, #P.mistakes, function(a, b)
    if a.line ~= b.line then return a.line < b.line end
    return a.nth < b.nth
  end)
end
