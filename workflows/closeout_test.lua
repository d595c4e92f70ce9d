-- SPDX-License-Identifier: Apache-2.0
-- The practice of closing a project, sentence by sentence. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

local function opened(t)
  return t:open("closeout", { by = "li", fields = { summary = "ERP for Acme" } })
end

-- The checklist is done, the survey answered, the last payment in.
local function collected(t)
  local c = opened(t)
  c:task("accepted", { by = "li" })
  c:task("documents", { by = "li", file = c:attach("handover.pdf", { by = "li", text = "List of documents" }) })
  for _, task in ipairs { "operation", "accounts" } do c:task(task, { by = "sun" }) end
  c:fire("survey_answered", { by = "mei", data = { survey = 9, praise = "On time" } })
  c:edit({ report = "All delivered", lessons = "Ask for test data early", paid = "2026-01-04" }, { by = "li" })
  return c
end

local function signing(t)
  local c = collected(t)
  c:fire("present", { by = "li" })
  return c
end

test "a project is closed when its list is done, both sides have signed and the lessons are kept" (function(t)
  local c = signing(t)
  c:expect { state = "signing", waiting = "zhao", due = "2026-01-19 18:00" }
  c:vote("approve", { by = "zhao" })
  c:expect { waiting = "mei" }
  c:vote("approve", { by = "mei" })
  c:expect { state = "learning", owner = "li", due = "2026-01-19 18:00" }
  c:fire("archive", { by = "li", data = { filed = "Archive 2026/7" } })
  c:expect { state = "closed", outcome = "closed" }
end)

test "nothing is presented before the list is done, and each does their own part" (function(t)
  local c = opened(t)
  c:expect { tasks = { "accepted", "accounts", "documents", "operation", "resources" } }
  c:refuse_task("operation", { by = "li", why = "forbidden" })
  c:refuse_task("documents", { by = "li" }) -- without the file that proves it
  c:edit({ report = "All delivered", lessons = "None", paid = "2026-01-04" }, { by = "li" })
  c:fire("survey_answered", { by = "mei", data = { survey = 9 } })
  c:refuse("present", { by = "li" })
end)

test "nothing is presented while anything of the project is open" (function(t)
  local c = collected(t)
  local issue = t:open("issue", { by = "mei", fields = { summary = "Printing fails" } })
  c:refuse("present", { by = "li" })
  issue:expect { state = "reported" }
end)

test "nothing is presented without report, lessons, payment and the client's answer" (function(t)
  local c = collected(t)
  c:edit({ paid = empty }, { by = "li" })
  c:refuse("present", { by = "li", why = "needs_fields" })
end)

test "a task that was ticked off too early is taken back" (function(t)
  local c = collected(t)
  c:undo("accepted", { by = "li" })
  c:expect { tasks = { "accepted", "resources" } }
  c:refuse("present", { by = "li" })
end)

test "what a side does not sign goes back to be put right" (function(t)
  local c = signing(t)
  c:vote("reject", { by = "zhao", comment = "The follow-up is missing" })
  c:expect { state = "collecting" }
  c = signing(t)
  c:vote("approve", { by = "zhao" })
  c:vote("changes", { by = "mei", comment = "Name the warranty" })
  c:expect { state = "collecting" }
end)

test "a closeout is called off with a reason, and not after the signatures" (function(t)
  local c = opened(t)
  c:refuse("cancel", { by = "li", why = "needs_fields" })
  c:fire("cancel", { by = "li", comment = "A second phase was ordered" })
  c:expect { state = "cancelled", outcome = "cancelled" }
  c = signing(t)
  c:vote("approve", { by = "zhao" })
  c:vote("approve", { by = "mei" })
  c:refuse("cancel", { by = "li", comment = "A second phase was ordered" })
end)

-- ---- when nobody answers ----

test "preparing has twenty working days, and is not forgotten after them" (function(t)
  local c = opened(t)
  c:expect { due = { collection = "2026-02-02 18:00", survey = "2026-01-19 18:00" } }
  t:at "2026-02-09 18:00"
  for _, rung in ipairs { "50%", "80%", "late 0", "again 5 workdays" } do
    t:expect_message { to = "li", about = c, kind = "remind", text = rung, times = 1 }
  end
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 5 workdays" }
end)

test "a client who does not answer the survey is asked again, and one who has is left in peace" (function(t)
  local c = opened(t)
  t:at "2026-01-19 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "late 0" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  c = opened(t)
  c:fire("survey_answered", { by = "mei", data = { survey = 9 } })
  t:advance "10 workdays"
  t:expect_none { to = "mei", about = c }
end)

test "a signature that does not come is asked for until it does" (function(t)
  local c = signing(t)
  t:at "2026-01-26 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 5 workdays", times = 1 }
  c:expect { state = "signing" }
end)

test "filing has ten working days" (function(t)
  local c = signing(t)
  c:vote("approve", { by = "zhao" })
  c:vote("approve", { by = "mei" })
  t:advance "10 workdays"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
end)
