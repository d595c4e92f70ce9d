-- SPDX-License-Identifier: Apache-2.0
-- Requirements: from the survey form to the client's confirmation, and the trace to changes and
-- acceptances. Working hours are 09:00-12:00 and 13:30-18:00; every test begins on Monday
-- 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local answers = { today = "By hand, in three lists", problem = "Lists differ", wish = "One list", importance = "must" }

local function asked(t)
  return t:open("requirement", { by = "mei", fields = { summary = "One list of orders" } })
end

local function analysing(t)
  local c = asked(t)
  c:fire("answer", { by = "mei", data = answers })
  return c
end

local function confirming(t)
  local c = analysing(t)
  c:fire("specify", { by = "sun", data = { description = "Orders are kept in one list", criteria = "No order twice", effort = 8 } })
  return c
end

local function confirmed(t)
  local c = confirming(t)
  c:vote("approve", { by = "mei" })
  return c
end

test "a requirement is surveyed, analysed, confirmed, handed over and accepted" (function(t)
  local c = asked(t)
  c:expect { state = "surveying", waiting = "client", due = "2026-01-12 18:00" }
  c:refuse("answer", { by = "mei", data = { wish = "One list" }, why = "needs_fields" })
  c:fire("answer", { by = "mei", data = answers })
  c:expect { state = "analysing", owner = "sun", due = "2026-01-12 18:00" }
  c:refuse("specify", { by = "sun", data = { description = "One list" }, why = "needs_fields" })
  c:fire("specify", { by = "sun", data = { description = "One list", criteria = "No order twice", effort = 8 } })
  c:expect { state = "confirming", waiting = { "mei", "tom" }, due = "2026-01-12 18:00" }
  c:refuse_vote("approve", { by = "li", why = "forbidden" })
  c:vote("approve", { by = "mei" })
  c:expect { state = "confirmed", owner = empty }
  c:fire("hand_over", { by = "li" })
  c:expect { state = "delivering" }
  c:fire("accepted", { by = "li" })
  c:expect { state = "accepted", outcome = "accepted" }
end)

test "it is traced to the acceptance that it is handed over by" (function(t)
  local c = confirmed(t)
  c:fire("hand_over", { by = "li" })
  local acceptance = t:cases("acceptance")[1]
  acceptance:expect { state = "preparing", opener = "li", links = { c.key },
    fields = { deliverable = "One list of orders", criteria = "No order twice" } }
  c:fire("not_accepted", { by = "li", comment = "Two orders were there twice" })
  c:expect { state = "confirmed" }
end)

test "what is confirmed changes by a change request, which is the asker's own and traced back" (function(t)
  local c = confirmed(t)
  c:refuse_edit({ description = "Two lists" }, { by = "sun" })
  c:refuse("change", { by = "mei", why = "needs_fields" })
  c:fire("change", { by = "mei", comment = "Branches keep their own" })
  c:expect { state = "confirmed", fields = { revision = 1 } }
  local change = t:cases("change_request")[1]
  change:expect { state = "draft", owner = "mei", opener = "mei", links = { c.key }, fields = { reason = "Branches keep their own" } }
  change:refuse("submit", { by = "li", why = "forbidden" })
  change:fire("submit", { by = "mei" })
  c:fire("revise", { by = "li", comment = "CR-1 was agreed to" })
  c:expect { state = "analysing", fields = { revision = 2 } }
end)

test "an interview may be written down by us, and what is unclear goes back to the client" (function(t)
  local c = asked(t)
  c:fire("answer", { by = "li", data = answers })
  c:fire("ask", { by = "sun", comment = "Which lists?" })
  c:expect { state = "surveying", waiting = "client" }
end)

test "what the client does not confirm is analysed again" (function(t)
  local c = confirming(t)
  c:vote("reject", { by = "mei", comment = "That is not it" })
  c:expect { state = "confirming" } -- one of the client's two may still see it otherwise
  c:vote("reject", { by = "tom", comment = "Nor for me" })
  c:expect { state = "analysing" }
  c = confirming(t)
  c:vote("changes", { by = "tom", comment = "With the branches" })
  c:expect { state = "analysing" }
end)

test "a requirement is declined with a reason, or withdrawn before it is confirmed" (function(t)
  local c = analysing(t)
  c:refuse("decline", { by = "li", why = "needs_fields" })
  c:fire("decline", { by = "li", comment = "Outside the scope" })
  c:expect { outcome = "declined" }
  c = analysing(t)
  c:refuse("withdraw", { by = "tom", comment = "No need", why = "forbidden" })
  c:fire("withdraw", { by = "mei", comment = "No need any more" })
  c:expect { outcome = "withdrawn" }
  confirmed(t):refuse("withdraw", { by = "mei", comment = "No need" })
end)

-- ---- when nobody answers ----

test "a form that does not come back is asked for" (function(t)
  local c = asked(t)
  t:at "2026-01-15 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "again 3 workdays", times = 1 }
end)

test "an analysis that is late becomes the project manager's" (function(t)
  local c = analysing(t)
  t:at "2026-01-14 18:00"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 2 workdays" }
  c:expect { owner = "li" }
end)

test "silence is no confirmation" (function(t)
  local c = confirming(t)
  t:at "2026-01-15 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "tom", about = c, kind = "remind", text = "again 3 workdays", times = 1 }
  c:expect { state = "confirming" }
end)
