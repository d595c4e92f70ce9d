-- SPDX-License-Identifier: Apache-2.0
-- Support: answered by working time, confirmed, or passed on as what it is. Working hours are 09:00-12:00
-- and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  anna = "support", li = "pm", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local function asked(t)
  return t:open("support", { by = "mei", fields = { summary = "Where is the export?", details = "I see none" } })
end

local function answered(t)
  local c = asked(t)
  c:fire("answer", { by = "anna", data = { answer = "In the menu", minutes = 10 } })
  return c
end

local function waiting(t)
  local c = asked(t)
  c:fire("ask", { by = "anna", comment = "Which version?" })
  return c
end

test "a request is answered within a working day and closed by the client, who says how it was" (function(t)
  local c = asked(t)
  c:expect { state = "asked", owner = "anna", due = "2026-01-06 18:00" }
  c:refuse("answer", { by = "anna", why = "needs_fields" })
  c:fire("answer", { by = "anna", data = { answer = "In the menu" } })
  c:expect { state = "answered", waiting = "client", due = "2026-01-19 18:00" }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  c:fire("confirm", { by = "mei", data = { stars = 5 } })
  c:expect { outcome = "helped", fields = { stars = 5 } }
end)

test "a question back stops the clock, and an answer that did not help is asked again" (function(t)
  local c = waiting(t)
  c:expect { state = "waiting", waiting = "client" }
  c:fire("reply", { by = "mei", data = { details = "Release 2" } })
  c:expect { state = "asked" }
  c = answered(t)
  c:refuse("ask_again", { by = "mei", why = "needs_fields" })
  c:fire("ask_again", { by = "mei", comment = "No such menu" })
  c:expect { state = "asked", priority = "high", due = "2026-01-05 14:30" }
end)

test "a defect becomes an issue and a wish a change request, each the client's own" (function(t)
  local c = asked(t)
  c:fire("is_issue", { by = "anna" })
  c:expect { outcome = "passed_on" }
  t:cases "issue"[1]:expect { opener = "mei", links = { c.key }, fields = { kind = "defect", details = "I see none" } }
  c = asked(t)
  c:fire("is_change", { by = "li", comment = "There is no export yet" })
  t:cases "change_request"[1]:expect { state = "draft", owner = "mei", links = { c.key } }
end)

test "it may be taken back by whoever asked" (function(t)
  local c = asked(t)
  c:refuse("withdraw", { by = "tom", why = "forbidden" })
  c:fire("withdraw", { by = "mei" })
  c:expect { outcome = "withdrawn" }
end)

test "an answer that is late is told to the project manager, whose it becomes" (function(t)
  local c = asked(t)
  t:at "2026-01-07 18:00"
  t:expect_message { to = "anna", about = c, kind = "remind", text = "75%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 1 workday" }
  c:expect { owner = "li" }
end)

test "a client who says nothing is reminded; an answer stands, a question is closed" (function(t)
  local a, w = answered(t), waiting(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "mei", about = w, kind = "remind", text = "50%" }
  t:expect_message { to = "anna", about = w, kind = "notify", text = "late 0" }
  t:at "2026-01-19 18:00"
  t:expect_message { to = "mei", about = a, kind = "remind", text = "50%" }
  a:expect { outcome = "helped" }
  w:expect { outcome = "unanswered" }
end)
