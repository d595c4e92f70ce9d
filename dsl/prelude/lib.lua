-- SPDX-License-Identifier: Apache-2.0
-- The library functions that a team's file gets: an allow list, name by name.
--
-- What is written here in Lua is paid for by its instructions; what is C is bounded in
-- strings.c, pattern.c, regex.c and budget.c. Beyond Lua's own there are
--
--   decimal "12.50"                             an exact number
--   matches(c.fields.order, "^[A-Z]{2}-\\d+$")   does the text match the regular expression?
--                                               PCRE2's, in UTF-8; "$" is the end of the text
--
-- Withheld on purpose: everything that reads or writes files,
-- loads code, shows addresses, differs from run to run, or steers the collector; "next", whose
-- order differs; getmetatable; rawget and rawset, which would get round read-only tables.
local P = ...
local std, host = P.std, P.host
local type, error, next, rawlen, rawequal, select = type, error, next, rawlen, rawequal, select
local setmetatable = setmetatable
local mathtype = std.math.type

-- An error at the line of the team's file that is being run; sandbox.c takes "@:LINE:" apart.
local function raise(message)
  local line = host.here()
  error(line > 0 and ("@:" .. line .. ": " .. message) or message, 0)
end
P.raise = raise

-- Read-only tables are empty and stand before their content, or before a function that gives it.
local content = setmetatable({}, { __mode = "k" })
P.content = content

local function behind(t)
  local inner = content[t]
  if type(inner) == "function" then return inner() end
  return inner or t
end
P.behind = behind

local function length(t)
  return rawlen(behind(t))
end
P.length = length

-- A stable merge sort: the library's own chooses its pivots by the clock.
local function sort(list, n, less)
  local from, to, width = list, {}, 1
  while width < n do
    for low = 1, n, width * 2 do
      local middle, high = low + width, low + width * 2
      if middle > n then middle = n + 1 end
      if high > n then high = n + 1 end
      local i, j = low, middle
      for k = low, high - 1 do
        if i < middle and (j >= high or not less(from[j], from[i])) then
          to[k] = from[i]
          i = i + 1
        else
          to[k] = from[j]
          j = j + 1
        end
      end
    end
    from, to = to, from
    width = width * 2
  end
  return from
end
P.sort = sort

local rank = { number = 1, string = 2, boolean = 3 }
local function key_less(a, b)
  local ra, rb = rank[type(a)], rank[type(b)]
  if ra ~= rb then return ra < rb end
  if ra == 3 then return not a and b end
  return a < b
end

-- Keys in an order that every process agrees on: numbers, then texts, then false and true.
local function keys(t)
  local list, n = {}, 0
  for k in next, behind(t) do
    if not rank[type(k)] then
      raise("a table whose keys are " .. type(k) .. "s has no order to go through")
    end
    n = n + 1
    list[n] = k
  end
  return sort(list, n, key_less), n
end
P.keys = keys

local function pairs(t)
  if type(t) ~= "table" then raise("pairs of a " .. type(t) .. ": expected a table") end
  local list, n = keys(t)
  local i = 0
  return function()
    while i < n do
      i = i + 1
      local value = t[list[i]]
      if value ~= nil then return list[i], value end
    end
  end
end
P.pairs = pairs

local function need_table(t, who)
  if type(t) ~= "table" then raise(who .. " of a " .. type(t) .. ": expected a table") end
end

local function need_whole(v, who)
  if mathtype(v) ~= "integer" then raise(who .. ": expected a whole number") end
end

local tables = {}

function tables.insert(t, ...)
  need_table(t, "table.insert")
  local n, count = length(t), select("#", ...)
  if count == 1 then
    t[n + 1] = (...)
  elseif count == 2 then
    local at, value = ...
    need_whole(at, "table.insert")
    if at < 1 or at > n + 1 then raise("table.insert: position out of bounds") end
    for i = n, at, -1 do t[i + 1] = t[i] end
    t[at] = value
  else
    raise("table.insert: expected a table, perhaps a position, and a value")
  end
end

function tables.remove(t, at)
  need_table(t, "table.remove")
  local n = length(t)
  if at == nil then at = n else need_whole(at, "table.remove") end
  if n == 0 and at == n then return nil end
  if at < 1 or at > n + 1 then raise("table.remove: position out of bounds") end
  local value = t[at]
  for i = at, n - 1 do t[i] = t[i + 1] end
  if at <= n then t[n] = nil end
  return value
end

function tables.move(from, first, last, at, to)
  need_table(from, "table.move")
  to = to or from
  need_table(to, "table.move")
  need_whole(first, "table.move")
  need_whole(last, "table.move")
  need_whole(at, "table.move")
  if last >= first and (last - first < 0 or last - first > 1000000) then
    raise("table.move: too many items")
  end
  if at > first and at <= last and rawequal(from, to) then
    for i = last - first, 0, -1 do to[at + i] = from[first + i] end
  else
    for i = 0, last - first do to[at + i] = from[first + i] end
  end
  return to
end

local concat = std.table.concat
function tables.concat(t, separator, first, last)
  need_table(t, "table.concat")
  first, last, separator = first or 1, last or length(t), separator or ""
  need_whole(first, "table.concat")
  need_whole(last, "table.concat")
  if type(separator) == "number" then separator = separator .. "" end
  if type(separator) ~= "string" then raise("table.concat: the separator must be text") end
  local parts, n, size = {}, 0, 0
  for i = first, last do
    local part = t[i]
    local kind = type(part)
    if kind ~= "string" and kind ~= "number" then
      raise("table.concat: item " .. i .. " is a " .. kind)
    end
    if kind == "number" then part = part .. "" end
    n = n + 1
    size = size + #part + #separator
    if size > 262144 then raise("a string longer than 262144 bytes") end
    parts[n] = part
  end
  return concat(parts, separator)
end

function tables.sort(t, less)
  need_table(t, "table.sort")
  local n, list = length(t), {}
  less = less or function(a, b) return a < b end
  for i = 1, n do list[i] = t[i] end
  list = sort(list, n, less)
  for i = 1, n do t[i] = list[i] end
end

function tables.pack(...)
  return { n = select("#", ...), ... }
end

function tables.unpack(t, first, last)
  need_table(t, "table.unpack")
  return host.unpack(t, first or 1, last or length(t))
end

-- A metatable is copied, and only what cannot hurt: a finalizer runs outside every budget, and
-- weak tables show when the collector ran.
local allowed = { "__index", "__newindex", "__call", "__tostring", "__eq", "__lt", "__le", "__len",
  "__concat", "__unm", "__add", "__sub", "__mul", "__div", "__idiv", "__mod", "__pow", "__band",
  "__bor", "__bxor", "__shl", "__shr", "__bnot", "__close" }
local getmetatable, setmetatable_raw = std.debug.getmetatable, std.debug.setmetatable
local function safe_setmetatable(t, meta)
  need_table(t, "setmetatable")
  local old = getmetatable(t)
  if old and not P.plain_meta[old] then
    raise("setmetatable: this table is read-only")
  end
  if meta == nil then return setmetatable_raw(t, nil) end
  need_table(meta, "setmetatable")
  for _, name in ipairs { "__gc", "__mode", "__metatable", "__name", "__pairs" } do
    if meta[name] ~= nil then raise("setmetatable: there is no " .. name .. " here") end
  end
  local copy = { __metatable = false }
  for _, name in ipairs(allowed) do copy[name] = meta[name] end
  P.plain_meta[copy] = true
  return setmetatable_raw(t, copy)
end
-- Metatables made here: the only ones that a script may replace.
P.plain_meta = setmetatable({}, { __mode = "k" })

local function pick(from, names)
  local t = {}
  for _, name in ipairs(names) do t[name] = from[name] or error("no " .. name) end
  return t
end

local strings = pick(std.string, { "len", "sub", "upper", "lower", "reverse", "char" })
for _, name in ipairs { "rep", "byte", "find", "match", "gmatch", "gsub" } do
  strings[name] = host[name]
end
for _, name in ipairs { "upper", "lower", "reverse" } do strings[name] = host.paid_of(strings[name]) end
strings.format = host.without_nul_of(host.format_of(std.string.format))
strings.char = host.without_nul_of(strings.char)
P.strings = strings

local codepoint, offset = std.utf8.codepoint, std.utf8.offset
local utf8 = pick(std.utf8, { "char", "charpattern", "codes", "len", "offset" })
utf8.char = host.without_nul_of(utf8.char)
utf8.len, utf8.offset = host.paid_of(utf8.len), host.paid_of(utf8.offset)
function utf8.codepoint(s, i, j, lax)
  i = i or 1
  j = j or i
  if type(s) == "string" and mathtype(i) == "integer" and mathtype(j) == "integer" then
    if i < 0 then i = #s + i + 1 end
    if j < 0 then j = #s + j + 1 end
    if j - i > 200 then raise("utf8.codepoint gives at most 200 values") end
  end
  return codepoint(s, i, j, lax)
end

P.libraries = {
  string = strings,
  table = tables,
  utf8 = utf8,
  math = pick(std.math, { "abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min",
    "mininteger", "modf", "sqrt", "tointeger", "type", "ult" }),
  coroutine = {
    create = host.co_create, resume = host.co_resume, wrap = host.co_wrap,
    yield = host.co_yield, status = host.co_status,
  },
}
utf8.codes = host.owned_of(utf8.codes)
P.functions = {
  assert = assert, error = error, ipairs = host.owned_of(ipairs), pairs = pairs, select = select,
  tonumber = tonumber, tostring = host.tostring, type = type, pcall = host.pcall,
  rawequal = rawequal, setmetatable = safe_setmetatable,
  decimal = host.decimal, matches = host.matches,
}

-- A table that can be read and gone through, never written. refuse says why.
function P.read_only(t, refuse, unknown)
  local proxy = {}
  content[proxy] = t
  return setmetatable(proxy, {
    __json = "shadow",
    __index = unknown and function(_, k)
      local v = t[k]
      if v == nil then return unknown(k) end
      return v
    end or t,
    __newindex = function() raise(refuse or "this table is read-only") end,
    __len = function() return rawlen(t) end,
    __metatable = false,
  })
end

-- Behind a C function the frame of the caller stays, even when this was its last call: errors
-- then have their line.
local shield = host.shield
for name, f in next, tables do tables[name] = shield(f) end
utf8.codepoint = shield(utf8.codepoint)
P.functions.pairs, P.functions.setmetatable = shield(pairs), shield(safe_setmetatable)

local own = host.own
for name, f in next, P.functions do P.functions[name] = own(f) end
for _, members in next, P.libraries do
  for name, f in next, members do
    if type(f) == "function" then members[name] = own(f) end
  end
end

-- What the file sees as its globals, before the words of the language are added.
P.globals = {}
P.library_names = {} -- function or table -> the name a script calls it by
for name, f in next, P.functions do
  P.globals[name] = f
  P.library_names[f] = name
end
for name, members in next, P.libraries do
  local proxy = P.read_only(members, "the library " .. name .. " is read-only")
  P.globals[name] = proxy
  P.library_names[proxy] = name
  for key, f in next, members do
    if type(f) == "function" then P.library_names[f] = name .. "." .. key end
  end
end
