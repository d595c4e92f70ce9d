-- SPDX-License-Identifier: Apache-2.0
-- The language for people and for editors, printed from the table of its words (words.lua):
--
--   page      the reference, as Markdown; of one word, when one is asked for
--   lua       annotations (LuaCATS) that editors complete and check by
--   luacheck  settings for luacheck
--   luarc     settings for the Lua language server
--   tests     the words of a test file, as text
--
-- What a function gets stands in members.lua, the words of a test in testkit_table.lua. What words.lua
-- does not say stands here: what its keys mean, what its kinds are for an editor,
-- what a function gets. A key or a kind that lacks its line, and a line that nothing uses, end
-- it with an error: the tests print everything.
local P, form, wanted = ...
local sort, concat = table.sort, table.concat

-- ---- what keys mean; "word.key" where one means something else than elsewhere ----

local keys = {
  approved = "where it leads when it is agreed to",
  by = "who may fire it; without it the engine alone",
  ["hook.by"] = "on whose behalf: a person of the team, whose rights decide",
  ["task.by"] = "who has to do it",
  changes = "where it leads when somebody asks for changes",
  client = "who of the client sees these cases: \"none\", \"own\" or \"project\"",
  client_title = "the title that the client reads",
  clock = "whose working time: \"team\", \"client\" or a calendar's name",
  covers = "the fields that are agreed to; a change to one opens the next round",
  currency = "its currency, like \"CNY\"; else the project's, else the team's",
  deep = "remembers the states inside as well",
  default = "the value when none is given",
  due = "the field of type date or time that says when; of a day the close",
  deferred = "where it leads when it is put off",
  distinct = "all seats are different persons",
  does = "a function of h that gives what is to be done, see below: fire, open, comment or ignore",
  done = "where it leads when all inside is done",
  edit = "who may change which fields here: { role = { fields } } or \"all\"",
  enter = "what is done on entry",
  even_if_down = "speaks even when it fell due while the server was down",
  exclude = "who may not take part: roles, or decided_by \"state\"",
  fields = "what the client may see: names with their types",
  ["record.fields"] = "its parts: names with their types",
  ["migrate.fields"] = "a function of the old fields that gives the new ones: it gets f, and nothing else of the case",
  fixed = "looks up once who is asked, when the round opens",
  from = "the field of type time from which it counts",
  ["migrate.from"] = "the version that it is for",
  group = "the group that owns it",
  help = "a longer explanation",
  indexed = "lists can be filtered by it",
  internal = "what never leaves the team: names with their types",
  ["moved.internal"] = "keeps the state active when the target lies inside it",
  key = "the letters of case keys, \"CR\" for CR-1",
  language = "\"en\" or \"zh\"",
  leave = "what is done on exit",
  max = "the most: a value, or a length",
  may_defer = "who may put it off",
  may_return = "who may ask for changes",
  min = "the least: a value, or a length",
  missed = "what of several missed times: latest, all or skip",
  most = "how often at most",
  name = "what it is called in lists",
  needs = "fields that must be filled",
  nobody = "what when there are too few of them: \"skip\", \"reject\" or a role",
  note = "\"required\" asks for a comment, \"shared\" lets the client read it",
  of = "the type of its values",
  open = "who may open one, with which fields: { by = ..., takes = { ... } }",
  optional = "need not be done",
  outcome = "how the case ends",
  outcomes = "titles of how it may end, manners too: { deemed = { en = \"Deemed\", zh = \"...\" } }",
  owner = "who is responsible while it is active",
  pause = "states in which the time stands still",
  places = "digits behind the point, 1 to 6",
  proof = "\"file\": a file has to be given",
  red = "what makes a project red: { overdue = above(5) }",
  rejected = "where it leads when it is refused",
  required = "must be filled",
  roles = "the roles of the project, and own names for built-in ones: requester = \"opener\"",
  rule = "who has to agree",
  run = "what is done on the way",
  scheme = "how its sender signs: \"standard\" (Standard Webhooks), \"github\" or \"bearer\"",
  serves = "what it is for, where cases of a project are counted: see signoff reference serves",
  start = "which states are entered first",
  states = "states by their old and new names",
  takes = "fields that the event carries",
  timezone = "its zone, like \"Asia/Shanghai\"",
  title = "what people read: text, or { en = \"...\", zh = \"...\" }",
  titles = "what its words are called: { low = { en = \"Low\", zh = \"...\" } }",
  to = "where it leads; without it the state stays",
  ["until"] = "the event that ends it",
  version = "the number of this version, from 1",
  waiting_for = "the role that is waited for; deadlines around it pause",
  yellow = "what makes a project yellow that is not red",
  monday = "working hours on Mondays",
  tuesday = "working hours on Tuesdays",
  wednesday = "working hours on Wednesdays",
  thursday = "working hours on Thursdays",
  friday = "working hours on Fridays",
  saturday = "working hours on Saturdays",
  sunday = "working hours on Sundays",
  monday_to_friday = "working hours on these five days",
  monday_to_saturday = "working hours on these six days",
  weekend = "working hours on Saturdays and Sundays",
  every_day = "working hours on all seven days",
  holidays = "a country that is shipped (\"cn\"), or files of days off",
  when = "only when this condition holds",
}

-- ---- kinds of values, as types of LuaCATS ----

local purpose_words = {}
for i, row in ipairs(P.members.serves) do purpose_words[i] = ('"%s"'):format(row[1]) end

local types = {
  actions = "signoff.Action|function|(signoff.Action|function)[]", any = "any", body = "table",
  case_prefix = "string", client = '"none"|"own"|"project"', cond = "signoff.When", covers = "string[]",
  currency = "string", duration = "string", edit = 'table<string, string[]|"all">', event = "string",
  field = "signoff.Field", fields = "string[]", flag = "boolean", language = '"en"|"zh"', limit = "number|string",
  limits = "signoff.Limits",
  hours = "string|string[]", name = "string", names = "string|string[]", nobody = "string", note = '"required"|"shared"|string[]',
  number = "integer", open = "{ by?: signoff.Who, takes?: string[] }", percent = "string", plain = "any",
  purpose = concat(purpose_words, "|"), proof = '"file"', role = "string", scheme = '"standard"|"github"|"bearer"', person_key = "string",
  handler = "fun(h: signoff.Hook): signoff.Does", rule = "signoff.Rule", states = "string|string[]", text = "string",
  time_field = "string", moment_field = "string", title = "signoff.Title", value = "any", version = "integer",
  weights = "table<string, integer>", who = "signoff.Who", whole = "integer", whos = "signoff.Who",
  who_or_body = "string|table", who_or_channel = "signoff.Who|signoff.Channel",
}
-- Keys that their owners read themselves ("-").
local own_types = {
  roles = "table<integer|string, string>", fields = "table<string, signoff.Field>",
  internal = "table<string, signoff.Field>", outcomes = "table<string, signoff.Title>",
  titles = "table<string, signoff.Title>", from = "integer", states = "table<string, string>",
  ["migrate.fields"] = "function",
}

-- ---- the library: Lua's own functions that there are ----

local library = {
  "assert", "decimal", "error", "ipairs", "matches", "pairs", "pcall", "rawequal", "select", "setmetatable", "tonumber",
  "tostring", "type",
  string = "byte char find format gmatch gsub len lower match rep reverse sub upper",
  table = "concat insert move pack remove sort unpack",
  utf8 = "char charpattern codepoint codes len offset",
  math = "abs ceil floor fmod huge max maxinteger min mininteger modf sqrt tointeger type ult",
  coroutine = "create resume status wrap yield",
}
-- Those of them that Lua does not have.
local own_functions = {
  { "decimal", "text: string|number", "any", "an exact number with a fraction" },
  { "matches", "text: string, pattern: string", "boolean", "does the text match the regular expression (PCRE2)?" },
}
local case, event, tests = P.members.c, P.members.e, P.kit.table
local hook, does, figures = P.members.h, P.members.does, P.members.health
local purposes = P.members.serves

-- ---- reading the table ----

local used = {}
local function words(text)
  local list = {}
  for word in (text or ""):gmatch "%S+" do list[#list + 1] = word end
  return list
end

local function sorted_keys(t)
  local list = {}
  for key in pairs(t) do if type(key) == "string" then list[#list + 1] = key end end
  sort(list)
  return list
end

local function found(table, row, key, what)
  local special = row.word .. "." .. key
  if key == "internal" and row.word ~= "workflow" then special = "moved.internal" end
  local name = table[special] ~= nil and special or key
  if table[name] == nil then error(("%s: the key %s has no %s"):format(row.word, key, what)) end
  used[name] = true
  return table[name]
end

local function kind_of(stage) return (stage:gsub("[?!]", "")) end

local function type_of(kind)
  kind = kind_of(kind)
  return types[kind] or error("the kind " .. kind .. " has no type")
end

-- Keys of a row in order: { name, type, must, says }.
local function keys_of(row)
  local list = {}
  local known = type(row.keys) == "table" and row.keys or row.any or {}
  for _, key in ipairs(sorted_keys(known)) do
    local kind = known[key]
    list[#list + 1] = { name = key, must = kind:sub(-1) == "!", says = found(keys, row, key, "line"),
      type = kind == "-" and found(own_types, row, key, "type") or type_of(kind) }
  end
  return list
end

-- ---- where a word may stand ----

local by_kind = {
  field = { "a workflow's fields and internal", "record", "list" }, op = { "a condition, behind a field's name", "health, behind a figure's" },
  cond = { "when" }, set = { "set" }, who = { "wherever people are named" }, secret = { "channel" },
  channel = { "team", "notify" },
}
local function is_rule(row)
  return (" " .. P.rules .. " "):find(" " .. row.word .. " ", 1, true) ~= nil
end

local function places(row)
  local list = {}
  for _, place in ipairs(by_kind[row.kind] or {}) do list[#list + 1] = place end
  for _, other in ipairs(P.words) do
    for _, word in ipairs(words(other.holds)) do
      if word == row.word and row.kind ~= "channel" then list[#list + 1] = other.word end
    end
    if type(other.keys) == "table" and other.keys.rule and is_rule(row) then
      list[#list + 1] = other.word .. "'s rule"
    end
  end
  if row.kind == "action" and row.word ~= "go" and row.word ~= "decide" then list[#list + 1] = "run, enter, leave" end
  if #list == 0 then list[1] = "a file of its own" end
  return list
end

-- ---- the page ----

local shown = { name = '"name"', names = '"name"', text = '"text"', number = "(n)", body = "{ ... }", who = "WHO",
  weights = "{ role = n }", duration = '"3 days"', percent = '"80%"', value = "VALUE",
  who_or_body = "{ ... }", who_or_channel = "WHO" }
local function call_of(row)
  local parts = { row.word }
  for _, stage in ipairs(row.stages) do
    local text = shown[kind_of(stage)] or error("no form for " .. stage)
    parts[#parts + 1] = stage:sub(-1) == "?" and "[" .. text .. "]" or text
  end
  return concat(parts, " ")
end

-- Types for a reader who writes no types.
local function plain_type(text)
  return (text:gsub("signoff%.", ""):gsub("|", " or "):gsub("function", "a function"))
end

local function put_word(out, row)
  out[#out + 1] = ("## %s\n\n%s\n"):format(row.word, row.says)
  out[#out + 1] = ("Written `%s`; stands in: %s.\n"):format(call_of(row), concat(places(row), ", "))
  local list = keys_of(row)
  if #list > 0 then
    out[#out + 1] = "| key | takes | |\n|---|---|---|"
    for _, key in ipairs(list) do
      out[#out + 1] = ("| `%s`%s | %s | %s |"):format(key.name, key.must and " (needed)" or "", plain_type(key.type), key.says)
    end
    out[#out + 1] = ""
  end
  out[#out + 1] = ("    %s\n"):format(row.example)
end

local function put_members(out, name, what, members)
  out[#out + 1] = ("## %s\n\n%s\n\n| member | | |\n|---|---|---|"):format(name, what)
  for _, member in ipairs(members) do
    out[#out + 1] = ("| `%s` | %s | %s |"):format(member[1], plain_type(member[2]), member[3])
  end
  out[#out + 1] = ""
end

-- ---- the words of a test ----

-- An option's type and meaning.
local function option(row, key)
  return P.kit.option(row.word, key) or error(("the option %s of %s has no line"):format(key, row.word))
end

local function options_of(row)
  local list = {}
  for _, key in ipairs(words(row.keys)) do
    local one = option(row, key)
    list[#list + 1] = { name = key, type = one[1], says = one[2] }
  end
  return list
end

local function put_test_words(out, name, what, rows)
  out[#out + 1] = ("## %s\n\n%s\n\n| word | | takes |\n|---|---|---|"):format(name, what)
  for _, row in ipairs(rows) do
    local takes = {}
    for _, one in ipairs(options_of(row)) do takes[#takes + 1] = ("`%s` %s"):format(one.name, one.says) end
    out[#out + 1] = ("| `%s` | %s `%s` | %s |"):format(row.word, row.says, row.example, concat(takes, "; "))
  end
  out[#out + 1] = ""
end

local sections = {
  { "c", "The case, as a function gets it. What changes something is for run, enter and leave only.", case, put_members },
  { "e", "The event, as a function gets it.", event, put_members },
  { "h", "What another tool has sent, as the function of its hook gets it.", hook, put_members },
  { "what h is answered with", "What the function of a hook returns: a table with fire, open, comment or ignore.", does, put_members, "h" },
  { "figures of health", "What the limits of health are for: figures of a project, as signoff project show prints them.", figures, put_members, "figures" },
  { "what a workflow serves as", "Overviews of projects, health and reports go by this word, and read these fields; without it a workflow that is called like one of them serves as that.", purposes, put_members, "serves" },
  { "people, project, test", "What a test file says; its tests are run by signoff test.", tests.file, put_test_words },
  { "t", "What a test is given. Options stand in a table behind the rest: by is who does it.", tests.t, put_test_words },
  { "c in a test", "A case that t:open gave.", tests.c, put_test_words },
}

local first_of_tests = 7

-- The sections of c, e or t; of "c:set" or "c.key" those rows alone.
local function section(wanted)
  local name, member = wanted:match "^(%l)[.:]([%w_]+)$"
  name = name or wanted
  local out = {}
  for _, one in ipairs(sections) do
    if one[1] == name or one[5] == name or one[1]:match "^%l in" and one[1]:sub(1, 1) == name or
      #name > 1 and (", " .. one[1] .. ","):find(", " .. name .. ",", 1, true) then
      local rows = {}
      for _, row in ipairs(one[3]) do
        local word = row.word or row[1]
        local whole = #name == 1 or one[5] == name
        if member == nil and whole or word == member or word == name then rows[#rows + 1] = row end
      end
      if #rows > 0 then one[4](out, one[1], one[2], rows) end
    end
  end
  return #out > 0 and concat(out, "\n") or nil
end

local function section_names()
  local list = { "c", "e", "h", "t" }
  for _, row in ipairs(tests.file) do list[#list + 1] = row.word end
  for name, kind in pairs { c = case, e = event, h = hook } do
    for _, row in ipairs(kind) do list[#list + 1] = name .. (row[2]:find("^fun") and ":" or ".") .. row[1] end
  end
  for _, name in ipairs { "c", "t" } do
    for _, row in ipairs(tests[name]) do list[#list + 1] = name .. ":" .. row.word end
  end
  sort(list)
  return list
end

-- For a reader at a terminal: what to write, what it does, what it takes.
local function test_words()
  local out = { "The words of a test file, WORKFLOW_test.lua beside its workflow:\n" }
  for i = first_of_tests, #sections do
    out[#out + 1] = ("%s\n  %s\n"):format(sections[i][1], sections[i][2])
    for _, row in ipairs(sections[i][3]) do
      out[#out + 1] = ("  %s\n      %s"):format((row.example:gsub("^local %w+ = ", "")), row.says)
      for _, one in ipairs(options_of(row)) do out[#out + 1] = ("        %-16s %s"):format(one.name, one.says) end
    end
    out[#out + 1] = ""
  end
  return concat(out, "\n")
end

local function page()
  local out = { "# The rule language\n\nEvery word, what it takes and where it may stand. Brackets: may be missing.\n" }
  for _, row in ipairs(P.words) do put_word(out, row) end
  for _, one in ipairs(sections) do one[4](out, one[1], one[2], one[3]) end
  out[#out + 1] = "## Functions beside Lua's own\n\n| function | |\n|---|---|"
  for _, one in ipairs(own_functions) do
    out[#out + 1] = ("| `%s(%s)` | %s |"):format(one[1], (one[2]:gsub("|", " or ")), one[4])
  end
  out[#out + 1] = ""
  return concat(out, "\n")
end

-- ---- annotations ----

local results = { field = "signoff.Field", op = "signoff.Op", cond = "signoff.Cond", action = "signoff.Action",
  set = "signoff.Set", who = "signoff.People", channel = "signoff.Channel", secret = "signoff.Secret" }
local function result_of(row)
  if is_rule(row) then return "signoff.Rule" end
  return results[row.kind] or "signoff.Node"
end

local function stage_type(row, i)
  local kind = kind_of(row.stages[i])
  if kind == "body" then return "signoff." .. row.word .. ".Body" end
  return type_of(kind)
end

local function put_body(out, row)
  out[#out + 1] = ("---@class signoff.%s.Body"):format(row.word)
  for _, key in ipairs(keys_of(row)) do
    out[#out + 1] = ("---@field %s%s %s %s"):format(key.name == "until" and '["until"]' or key.name,
      key.must and "" or "?", key.type, key.says)
  end
  out[#out + 1] = row.keys == "any" and "---@field [string] any" or "---@field [integer] any"
  out[#out + 1] = ""
end

-- What a call gives that leaves the stages from i on: a thing that can be called with the next.
local function rest(out, row, i)
  if i > #row.stages then return result_of(row) end
  local name = ("signoff.%s.%d"):format(row.word, i)
  local whole = row.stages[i]:sub(-1) == "?" and ": " .. result_of(row) or ""
  local after = rest(out, row, i + 1)
  out[#out + 1] = ("---@class %s%s\n---@operator call(%s): %s\n"):format(name, whole, stage_type(row, i), after)
  return name
end

local function put_annotation(out, row)
  local bare = #row.stages == 0 or row.stages[1]:sub(-1) == "?"
  for _, stage in ipairs(row.stages) do
    if kind_of(stage) == "body" then put_body(out, row) end
  end
  local after = rest(out, row, bare and 1 or 2)
  out[#out + 1] = ("---%s\n---\n---    %s"):format(row.says, row.example)
  if bare then
    out[#out + 1] = ("---@type %s\n%s = nil\n"):format(after, row.word)
    return
  end
  local parameters = {}
  for i, stage in ipairs(row.stages) do
    local name = i == 1 and kind_of(stage) or "more" .. i
    parameters[i] = name
    out[#out + 1] = ("---@param %s%s %s"):format(name, i > 1 and "?" or "", stage_type(row, i))
  end
  out[#out + 1] = ("---@return %s\nfunction %s(%s) end\n"):format(after, row.word, concat(parameters, ", "))
end

local function put_class(out, name, says, members)
  out[#out + 1] = ("---%s\n---@class %s"):format(says, name)
  for _, member in ipairs(members) do
    local optional = member[2]:sub(-1) == "?"
    out[#out + 1] = ("---@field %s%s %s %s"):format(member[1], optional and "?" or "",
      optional and member[2]:sub(1, -2) or member[2], member[3])
  end
  out[#out + 1] = ""
end

-- A word of a test as the member of a class; its options are a class of their own.
local function put_test_class(out, name, what, rows)
  local fields = {}
  for i, row in ipairs(rows) do
    local options = options_of(row)
    local class = ("signoff.test.%s.%s"):format(name, row.word)
    if #options > 0 then
      out[#out + 1] = "---@class " .. class
      for _, one in ipairs(options) do out[#out + 1] = ("---@field %s? %s %s"):format(one.name, one.type, one.says) end
      out[#out + 1] = ""
    end
    local args = { "self" }
    if row.args ~= nil and row.args ~= "" then args[2] = row.args end
    if #options > 0 then args[#args + 1] = (row.args == "" and "options: " or "options?: ") .. class end
    fields[i] = ("---@field %s %s %s"):format(row.word, row.args == nil and row.gives or
      ("fun(%s)%s"):format(concat(args, ", "), row.gives and ": " .. row.gives or ""), row.says)
  end
  out[#out + 1] = ("---%s\n---@class signoff.test.%s\n%s\n"):format(what, name, concat(fields, "\n"))
end

local function put_test_file(out)
  local by_word = {}
  for _, row in ipairs(tests.file) do
    by_word[row.word] = row
    if row.keys then
      out[#out + 1] = ("---@class signoff.test.%s"):format(row.word)
      for _, one in ipairs(options_of(row)) do
        out[#out + 1] = ("---@field %s? %s %s"):format(one.name, one.type, one.says)
      end
      out[#out + 1] = row.word == "people" and "---@field [integer] string a role\n" or ""
    end
  end
  local function put(word, kind)
    local row = by_word[word]
    out[#out + 1] = ("---%s\n---\n---    %s\n%s"):format(row.says, row.example, kind)
  end
  put("people", "---@param who table<string, string|signoff.test.people>\nfunction people(who) end\n")
  put("project", "---@param given signoff.test.project\nfunction project(given) end\n")
  put("test", ("---@param name string\n---@return %s\nfunction test(name) end"):format(by_word.test.gives))
end

local function annotations()
  local out = { [[
-- SPDX-License-Identifier: Apache-2.0
---@meta signoff
-- The words of Signoff's rule language, for editors. Printed by "signoff reference --format lua":
-- not written by hand, and read by no server.

---@alias signoff.Title string|{ en?: string, zh?: string }
---@alias signoff.Who string|signoff.People|function|(string|signoff.People)[]
---@alias signoff.When signoff.Cond|function|table<string, signoff.Op>

---@class signoff.Node
---@class signoff.Field
---@class signoff.Rule: signoff.Node
---@class signoff.Action: signoff.Node
---@class signoff.Op
---@class signoff.Cond
---@class signoff.Set
---@class signoff.People
---@class signoff.Channel
---@class signoff.Secret
]] }
  put_class(out, "signoff.Case", "The case, as a function gets it.", case)
  put_class(out, "signoff.Event", "The event, as a function gets it.", event)
  put_class(out, "signoff.Hook", "What another tool has sent, as the function of its hook gets it.", hook)
  put_class(out, "signoff.Does", "What the function of a hook returns.", does)
  put_class(out, "signoff.Limits", "What makes a project red or yellow: one of them is enough.", figures)
  for _, row in ipairs(P.words) do put_annotation(out, row) end
  for _, one in ipairs(own_functions) do
    out[#out + 1] = ("---%s"):format(one[4])
    local names = {}
    for name, kind in one[2]:gmatch "(%w+): ([%w|]+)" do
      out[#out + 1] = ("---@param %s %s"):format(name, kind)
      names[#names + 1] = name
    end
    out[#out + 1] = ("---@return %s\nfunction %s(%s) end\n"):format(one[3], one[1], concat(names, ", "))
  end
  put_test_class(out, "Case", "A case in a test: what t:open gave.", tests.c)
  put_test_class(out, "Test", "What a test is given.", tests.t)
  put_test_file(out)
  return concat(out, "\n") .. "\n"
end

-- ---- settings ----

local function luacheck()
  local out = { "-- Settings of luacheck for Signoff's rules. Made by \"signoff init\".", "stds.signoff = {", "  read_globals = {" }
  local list = {}
  for _, row in ipairs(P.words) do list[#list + 1] = row.word end
  for _, name in ipairs(library) do list[#list + 1] = name end
  sort(list)
  for _, name in ipairs(list) do out[#out + 1] = ("    %q,"):format(name) end
  for _, name in ipairs(sorted_keys(library)) do
    local fields = {}
    for _, field in ipairs(words(library[name])) do fields[#fields + 1] = ("%q"):format(field) end
    out[#out + 1] = ("    %s = { fields = { %s } },"):format(name, concat(fields, ", "))
  end
  out[#out + 1] = "  },\n}\nstds.signoff_test = {"
  local names = {}
  for _, row in ipairs(tests.file) do names[#names + 1] = ("%q"):format(row.word) end
  out[#out + 1] = ("  read_globals = { %s },\n}"):format(concat(names, ", "))
  out[#out + 1] = [[
std = "signoff"
files["**/*_test.lua"] = { std = "signoff+signoff_test" }
include_files = { "teams" }
max_line_length = false
unused_args = false -- function(c, e) may leave one of them alone]]
  return concat(out, "\n") .. "\n"
end

local function luarc()
  local off = {}
  for _, name in ipairs { "bit", "bit32", "debug", "ffi", "io", "jit", "os", "package" } do
    off[#off + 1] = ('    "%s": "disable"'):format(name)
  end
  return ([[{
  "runtime.version": "Lua 5.4",
  "workspace.library": [".signoff/meta"],
  "runtime.builtin": {
%s
  },
  "diagnostics.disable": ["lowercase-global"]
}
]]):format(concat(off, ",\n"))
end

-- ---- what is asked for ----

local forms = { page = page, lua = annotations, luacheck = luacheck, luarc = luarc, tests = test_words }
local text
if wanted ~= nil then
  for _, row in ipairs(P.words) do
    if row.word == wanted then
      local out = {}
      put_word(out, row)
      text = concat(out, "\n")
    end
  end
  text = text or section(wanted)
else
  text = (forms[form] or error("no such form: " .. tostring(form)))()
end
if form == "page" and wanted == nil then
  for _, table in ipairs { keys, own_types } do
    for name in pairs(table) do if not used[name] then error("no word has the key " .. name) end end
  end
end
local all = section_names()
for _, row in ipairs(P.words) do all[#all + 1] = row.word end
return text, all
