-- SPDX-License-Identifier: Apache-2.0
-- What can be told of tests before one of them runs: words and options that there are not. A fact
-- is what every run says that comes to its place (says.c), so each is a mistake.
local P, kit = ...
local names = { t = kit.test_names, c = kit.case_names }

local function row_of(of, word)
  for _, row in ipairs(kit.table[of]) do
    if row.word == word then return row end
  end
end

-- How many stand before the options.
local function count_args(row)
  local n = 0
  for _ in (row.args or ""):gmatch "[%w_]+%??:" do n = n + 1 end
  return n
end

local function add(list, fact, message)
  list[#list + 1] = P.object { line = fact.line, column = fact.column, message = message }
end

local function look_options(list, fact, row)
  local at = count_args(row) + 1
  local given, known = fact.args[at], kit.known(fact.of, fact.call)
  local what = fact.of .. ":" .. fact.call
  local open = type(given) ~= "table" or given.open
  if #fact.args < at and not fact.more then given, open = { keys = {} }, false end
  if type(given) ~= "table" or type(given.keys) ~= "table" then return end
  local before = #list
  for _, key in ipairs((P.keys(given.keys))) do
    local found = false
    for _, word in ipairs(known) do found = found or word == key end
    if not found then
      add(list, fact, ("%s: unknown key %s%s"):format(what, P.describe(key), kit.nearest(key, known)))
    end
  end
  -- A key that there is not may be it, misspelt: one mistake at a time.
  if known[1] == "by" and not open and given.keys.by == nil and #list == before then
    add(list, fact, what .. ": by = is missing: who does it?")
  end
end

-- What is read without a call counts as well: c.key, and nothing else there is.
local function look(list, fact)
  local word = fact.call or fact.name
  local row = row_of(fact.of, word)
  if not row then
    add(list, fact, ("unknown word %s:%s%s"):format(fact.of, word, kit.nearest(word, names[fact.of])))
  elseif fact.call then
    look_options(list, fact, row)
  end
end

-- [ { line, column, message } ] of all tests of the file, each once.
function P.test_look()
  local list, seen = {}, {}
  for _, body in ipairs(kit.bodies) do
    for _, fact in ipairs(P.host.says_test(body)) do
      local found = {}
      look(found, fact)
      for _, one in ipairs(found) do
        local key = ("%d:%d:%s"):format(one.line, one.column, one.message)
        if not seen[key] then list[#list + 1] = one end
        seen[key] = true
      end
    end
  end
  return P.array(list)
end
