-- SPDX-License-Identifier: Apache-2.0
-- The words of a test file: one row each, from which come what a test may write, "signoff test
-- --words", the reference and the annotations.
--
--   word      its name; of t and c those behind the colon
--   args      what stands before the options, as annotations have it
--   keys      the options that it takes
--   gives     what comes back
--   says      what it does
--   example   one that is right
local _, kit = ...

local function words(text)
  local list = {}
  for word in text:gmatch "%S+" do list[#list + 1] = word end
  return list
end

kit.table = {
  -- the file itself
  file = {
    { word = "people", keys = "of lead groups title language",
      says = "Everybody there is, with the roles that they hold in the one project of the file.",
      example = [[people { li = "pm", wang = { "engineer", "ccb" }, mei = { "client", of = "acme" } }]] },
    { word = "project", keys = "title attributes currency calendar client_calendar",
      says = "More about the project, where a workflow asks.",
      example = [[project { title = "ERP", attributes = { survey = "yes" } }]] },
    { word = "test", args = "name: string", gives = "fun(body: fun(t: signoff.test.Test))",
      says = "A test, with an engine, a store and a clock of its own; it is Monday 2026-01-05 09:00 in the team's zone until t:at or t:advance say otherwise.",
      example = [[test "silence for ten working days is deemed acceptance" (function(t) ... end)]] },
  },
  -- t, what a test is given
  t = {
    { word = "open", args = "workflow: string", keys = "by fields comment shared", gives = "signoff.test.Case",
      says = "Opens a case.", example = [[local c = t:open("acceptance", { by = "li", fields = { deliverable = "Release 2" } })]] },
    { word = "refuse_open", args = "workflow: string", keys = "by fields comment shared why",
      says = "Nobody may open it so.", example = [[t:refuse_open("acceptance", { by = "mei", why = "forbidden" })]] },
    { word = "case", args = "key: string", gives = "signoff.test.Case",
      says = "One that the rules opened.", example = [[t:case "AC-2"]] },
    { word = "cases", args = "workflow: string", gives = "signoff.test.Case[]",
      says = "All of a workflow, oldest first.", example = [[t:cases "acceptance"]] },
    { word = "now", args = "", gives = "string",
      says = "This moment, as fields of type time take it.", example = [[t:now()]] },
    { word = "time", args = "text: string", gives = "string",
      says = "A moment of the team's time, as fields of type time take it.", example = [[t:time "2026-03-02 09:00"]] },
    { word = "at", args = "text: string",
      says = "Lives until then; the first thing said, the test starts there.", example = [[t:at "2026-03-02 09:00"]] },
    { word = "advance", args = "duration: string",
      says = "Lives so long, in the team's calendar.", example = [[t:advance "10 workdays"]] },
    { word = "absent", args = "person: string, from: string, to: string", keys = "to workflows",
      says = "Whole days, the last one included; who is absent does nothing.",
      example = [[t:absent("li", "2026-01-06", "2026-01-09", { to = "wang" })]] },
    { word = "holiday", args = "date: string, hours?: string",
      says = "A day off for the team, or a day with other hours.",
      example = [[t:holiday "2026-01-07", t:holiday("2026-01-10", "open")]] },
    { word = "hook", args = "name: string", keys = "body headers", gives = "signoff.test.Case",
      says = "Another tool sends this to a hook of the team, signed well; gives the case that it came to.",
      example = [[local c = t:hook("tracker", { body = { event = "created", title = "Broken" } })]] },
    { word = "refuse_hook", args = "name: string", keys = "body headers why",
      says = "What is sent to the hook is ignored, or refused; why is a code (\"ignored\" is one), or a part of the reason.",
      example = [[t:refuse_hook("tracker", { body = { event = "seen" }, why = "ignored" })]] },
    { word = "expect_message", args = "", keys = "to about text kind times",
      says = "Somebody was told this; what is not said is not looked at.",
      example = [[t:expect_message { to = "mei", about = c, text = "50%", kind = "remind", times = 1 }]] },
    { word = "expect_none", args = "", keys = "to about text kind",
      says = "Nobody was told such a thing.", example = [[t:expect_none { to = "mei" }]] },
  },
  -- c, a case in a test
  c = {
    { word = "key", gives = "string", says = "Its key.", example = [[c.key]] },
    { word = "fire", args = "event: string", keys = "by data comment on_behalf shared",
      says = "Makes an event happen.", example = [[c:fire("serve", { by = "li", data = { served = t:now() } })]] },
    { word = "refuse", args = "event: string", keys = "by data comment on_behalf shared why",
      says = "The event must be refused.", example = [[c:refuse("accept", { by = "mei", why = "forbidden" })]] },
    { word = "edit", args = "fields: table", keys = "by",
      says = "Changes fields.", example = [[c:edit({ summary = "x", note = empty }, { by = "li" })]] },
    { word = "refuse_edit", args = "fields: table", keys = "by why",
      says = "The change must be refused.", example = [[c:refuse_edit({ summary = "x" }, { by = "mei", why = "forbidden" })]] },
    { word = "vote", args = "choice: string", keys = "by comment on_behalf shared approval",
      says = "Votes on what the person sees.", example = [[c:vote("approve", { by = "mei", on_behalf = "tom" })]] },
    { word = "refuse_vote", args = "choice: string", keys = "by comment on_behalf shared approval why",
      says = "The vote must be refused.", example = [[c:refuse_vote("approve", { by = "li", why = "forbidden" })]] },
    { word = "withdraw", args = "", keys = "by on_behalf approval",
      says = "Takes the vote back.", example = [[c:withdraw { by = "mei" }]] },
    { word = "task", args = "task: string", keys = "by comment on_behalf shared state file",
      says = "Ticks a task off.", example = [[c:task("documents", { by = "li", file = f })]] },
    { word = "refuse_task", args = "task: string", keys = "by comment on_behalf shared state file why",
      says = "The tick must be refused.", example = [[c:refuse_task("documents", { by = "li", why = "proof" })]] },
    { word = "undo", args = "task: string", keys = "by comment on_behalf shared",
      says = "A task is not done after all.", example = [[c:undo("documents", { by = "li" })]] },
    { word = "comment", args = "text: string", keys = "by shared",
      says = "Writes a comment.", example = [[c:comment("Seen", { by = "li", shared = true })]] },
    { word = "assign", args = "to: string", keys = "by state on_behalf",
      says = "Gives the case to somebody.", example = [[c:assign("wang", { by = "li" })]] },
    { word = "attach", args = "name: string", keys = "by text shared field comment", gives = "string",
      says = "Uploads a file and attaches it; gives the file.",
      example = [[local f = c:attach("minutes.pdf", { by = "li", shared = true, field = "report" })]] },
    { word = "retry", args = "", keys = "by",
      says = "Tries again what left it stuck.", example = [[c:retry { by = "li" }]] },
    { word = "field", args = "name: string", gives = "any",
      says = "What a field holds.", example = [[c:field "summary"]] },
    { word = "expect", args = "", keys = "state outcome fields owner opener waiting due stuck allowed priority tasks links",
      says = "The case is so; what is not said is not looked at, empty means that there is none.",
      example = [[c:expect { state = "accepted", outcome = "deemed", fields = { rework = 2 } }]] },
  },
}

-- What the options are; "word.key" where one is something else than elsewhere.
kit.options_table = {
  by = { "string", "who does it" },
  data = { "table", "what the event carries" },
  fields = { "table", "fields with their values" },
  comment = { "string", "what is said with it" },
  on_behalf = { "string", "for whom, as their stand-in" },
  shared = { "boolean", "the client may read it" },
  why = { "string", "the code of the refusal, or a part of its message" },
  approval = { "string", "which one, where several are open" },
  state = { "string", "which one, where several are active" },
  file = { "string", "its proof, from c:attach" },
  body = { "any", "what is sent, as JSON has it" },
  headers = { "table<string, string>", "headers that come with it" },
  text = { "string", "what the file holds" },
  field = { "string", "of type file, which it goes into" },
  workflows = { "string[]", "for these only" },
  to = { "string", "who was told" },
  about = { "signoff.test.Case", "a case" },
  kind = { "string", "remind, notify and the like" },
  times = { "integer", "how often, exactly" },
  of = { "string", "the client whose person it is" },
  lead = { "boolean", "leads the team" },
  groups = { "string[]", "the groups they are in" },
  title = { "string", "what people read" },
  language = { "string", "en or zh" },
  attributes = { "table", "its attributes" },
  currency = { "string", "its currency" },
  calendar = { "string", "its calendar" },
  client_calendar = { "string", "the client's calendar" },
  ["absent.to"] = { "string", "who stands in" },
  ["expect_message.text"] = { "string", "a part of it, or its rung, deadline or template" },
  ["expect_none.text"] = { "string", "a part of it, or its rung, deadline or template" },
  ["expect.state"] = { "string|string[]", "active, or around what is; a list: exactly these are" },
  ["expect.outcome"] = { "any", "how it ended" },
  ["expect.owner"] = { "any", "a person, or { state = person }" },
  ["expect.waiting"] = { "string[]", "exactly these persons or roles" },
  ["expect.due"] = { "any", "\"2026-01-19 18:00\", or { deadline = time }" },
  ["expect.stuck"] = { "boolean", "did something fail that nobody waits for?" },
  ["expect.allowed"] = { "table<string, string[]>", "exactly these events for that person" },
  ["expect.priority"] = { "string", "low normal high urgent" },
  ["expect.tasks"] = { "string[]", "what is left to do" },
  ["expect.opener"] = { "string", "whose it is" },
  ["expect.links"] = { "string[]", "exactly these cases are linked to it" },
}

-- The options of a word of "file", "t" or "c".
function kit.known(kind, word)
  for _, row in ipairs(kit.table[kind]) do
    if row.word == word then
      row.known = row.known or words(row.keys or "")
      return row.known
    end
  end
end

-- What an option is: of its word, or of all that have it.
function kit.option(word, key)
  return kit.options_table[word:gsub("^refuse_", "") .. "." .. key] or kit.options_table[key]
end

-- The plain types; what tables hold is looked at where it is used.
local plain = { string = "text in quotes", boolean = "true or false", integer = "a whole number" }
function kit.check_option(what, key, value)
  local one = type(key) == "string" and kit.option(what:match "[%w_]+$" or what, key)
  local expected = one and plain[one[1]]
  local kind = kit.math_type(value) or type(value)
  if expected and kind ~= one[1] and value ~= kit.empty then
    kit.raise(("%s: %s = : expected %s, got %s"):format(what, key, expected, kit.describe(value)))
  end
end

-- Every word that there is has its row, and every row its word.
function kit.compare(kind, there)
  local rows = {}
  for _, row in ipairs(kit.table[kind]) do
    rows[row.word] = true
    assert(there[row.word], row.word)
  end
  for _, word in ipairs((kit.keys(there))) do
    assert(rows[word], word)
  end
end
