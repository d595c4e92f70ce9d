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

-- at: the position of what is wrong, for its column; nil when only the line is known.
function P.mistake(line, message, hint, at)
  local column = at and host.line(at) == line and host.column(at) or nil
  local key = ("%d:%d:%s"):format(line, column or 0, message)
  if seen[key] or #P.mistakes >= MOST then return end
  seen[key] = true
  P.mistakes[#P.mistakes + 1] =
    { line = line, column = column, message = message, hint = hint, nth = #P.mistakes }
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
  if #spot.way == 0 then return line, data.word_at end
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
  local line, at = P.place(spot)
  P.mistake(line, format:format(...), nil, at or P.data[spot.node].word_at)
end

function P.fail_near(spot, word, known, format, ...)
  local text, near = P.did_you_mean(word, known)
  local line, at = P.place(spot)
  P.mistake(line, format:format(...) .. text, near, at or P.data[spot.node].word_at)
end

-- ---- places of what was right ----

-- Where the tables of the model stand in the text, for whoever looks at the model afterwards:
-- positions by member, and under P.itself the table's own.
local marks = setmetatable({}, { __mode = "k" })
P.itself = {}

function P.mark(out, key, at)
  if at == nil or out == nil then return out end
  marks[out] = marks[out] or {}
  marks[out][key] = at
  return out
end

-- The table stands where its node does.
function P.mark_node(out, node)
  P.body_at(node)
  return P.mark(out, P.itself, P.data[node].word_at)
end

-- The last element of a list stands at a spot.
function P.mark_item(out, spot)
  local _, at = P.place(spot)
  return P.mark(out, #out, at)
end

local function gather(value, pointer, into)
  local known = marks[value]
  if known and known[P.itself] then
    into[pointer] = P.array { host.line(known[P.itself]), host.column(known[P.itself]) }
  end
  for key, inner in next, value do
    local name = pointer .. "/" .. (type(key) == "number" and host.tostring(key - 1) or key)
    local at = known and known[key]
    if at then into[name] = P.array { host.line(at), host.column(at) } end
    if type(inner) == "table" then gather(inner, name, into) end
  end
end

-- { JSON pointer into the model: [line, column] }
function P.places(model)
  local into = P.object()
  gather(model, "", into)
  return into
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
