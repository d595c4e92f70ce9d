-- SPDX-License-Identifier: Apache-2.0
-- Expectations and scope: the practice of the project charter, sentence by sentence. Working hours
-- are 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", zhao = "sponsor", sun = "engineer",
  mei = { "client", of = "acme" },
}

local whole = {
  summary = "ERP for Acme", purpose = "Orders in one place", scope = "Orders, stock, invoices", outside = "Payroll",
  goals = { { goal = "Orders are entered once", measure = "No order keyed twice", by_day = "2026-06-30" } },
  deliverables = { { what = "Release 1", criteria = "It prints" } },
  milestones = { { what = "Go-live", by_day = "2026-05-29" } },
  budget = "480000", team = { { name = "Li", role = "Project manager" } }, cost_plan = "390000",
}

local function drafted(t)
  return t:open("charter", { by = "li", fields = whole })
end

local function signing(t)
  local c = drafted(t)
  c:fire("propose", { by = "li" })
  return c
end

local function in_force(t)
  local c = signing(t)
  c:vote("approve", { by = "zhao" })
  c:vote("approve", { by = "mei" })
  return c
end

local function amending(t)
  local c = in_force(t)
  c:fire("amend", { by = "li", data = { change = "CR-12" } })
  return c
end

test "a charter is drafted by the project manager, signed by our side and then by the client, and is the baseline" (function(t)
  local c = drafted(t)
  c:expect { state = "drafting", owner = "li", due = "2026-01-12 18:00" }
  c:fire("propose", { by = "li" })
  c:expect { state = "signing", waiting = "zhao", due = "2026-01-19 18:00" }
  c:refuse_vote("approve", { by = "mei", why = "forbidden" })
  c:vote("approve", { by = "zhao" })
  c:expect { waiting = "mei" }
  c:refuse_vote("approve", { by = "li", why = "forbidden" })
  c:vote("approve", { by = "mei" })
  c:expect { state = "baselined", owner = empty, fields = { baseline = 1, signed_on = t:now() } }
  t:expect_message { to = "mei", about = c, kind = "notify" }
  t:expect_message { to = "zhao", about = c, kind = "notify" }
end)

test "only the project manager opens one, and nothing is presented that is not whole" (function(t)
  t:refuse_open("charter", { by = "mei", fields = { summary = "ERP" }, why = "forbidden" })
  local c = t:open("charter", { by = "li", fields = { summary = "ERP for Acme" } })
  c:refuse("propose", { by = "li", why = "needs_fields" })
  c:refuse("propose", { by = "sun", why = "forbidden" })
end)

test "a goal without a measure or without its day is no goal" (function(t)
  local c = t:open("charter", { by = "li", fields = { summary = "ERP for Acme" } })
  c:refuse_edit({ goals = { { goal = "Better orders", by_day = "2026-06-30" } } }, { by = "li", why = "measure" })
  c:refuse_edit({ goals = { { goal = "Better orders", measure = "Half the errors" } } }, { by = "li", why = "by_day" })
end)

test "what a side does not sign is drafted again, and the client's wishes as well" (function(t)
  local c = signing(t)
  c:vote("reject", { by = "zhao", comment = "Too dear" })
  c:expect { state = "drafting" }
  c = signing(t)
  c:vote("approve", { by = "zhao" })
  c:vote("changes", { by = "mei", comment = "Name the interfaces" })
  c:expect { state = "drafting", fields = { baseline = 0 } }
end)

test "a baseline changes only after a change request, and both sides sign the new one" (function(t)
  local c = in_force(t)
  c:refuse_edit({ budget = "1" }, { by = "li" })
  c:refuse("amend", { by = "li", why = "needs_fields" })
  c:refuse("amend", { by = "li", data = { change = "they phoned" }, why = "like CR-12" })
  c:refuse("amend", { by = "mei", data = { change = "CR-12" }, why = "forbidden" })
  c:fire("amend", { by = "li", data = { change = "CR-12" } })
  c:expect { state = "amending", due = "2026-01-08 18:00" }
  c:edit({ budget = "520000" }, { by = "li" })
  c:fire("propose", { by = "li" })
  c:expect { state = "signing_again", waiting = "zhao", due = "2026-01-12 18:00" }
  c:vote("approve", { by = "zhao" })
  c:vote("approve", { by = "mei" })
  c:expect { state = "baselined", fields = { baseline = 2, budget = "520000", change = "CR-12" } }
end)

test "an amendment that is not signed goes back to the project manager" (function(t)
  local c = amending(t)
  c:fire("propose", { by = "li" })
  c:vote("reject", { by = "zhao", comment = "Not this year" })
  c:expect { state = "amending" }
  c:fire("propose", { by = "li" })
  c:vote("approve", { by = "zhao" })
  c:vote("changes", { by = "mei", comment = "The date is missing" })
  c:expect { state = "amending", fields = { baseline = 1 } }
end)

test "a charter ends with its project, or is called off with a reason" (function(t)
  local c = in_force(t)
  c:fire("fulfil", { by = "li" })
  c:expect { state = "fulfilled", outcome = "fulfilled" }
  c = in_force(t)
  c:refuse("cancel", { by = "zhao", why = "needs_fields" })
  c:fire("cancel", { by = "zhao", comment = "The client was bought" })
  c:expect { state = "cancelled", outcome = "cancelled" }
  c = drafted(t)
  c:fire("cancel", { by = "li", comment = "Not ordered" })
  c:expect { outcome = "cancelled" }
end)

test "what the plan costs us is never the client's to see" (function(t)
  local c = in_force(t)
  c:expect { fields = { cost_plan = "390000" } }
  t:refuse_open("charter", { by = "mei", fields = { summary = "x", cost_plan = "1" } })
end)

-- ---- when nobody answers ----

test "a draft that is late is told to the sponsor" (function(t)
  local c = drafted(t)
  t:at "2026-01-12 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
end)

test "silence is no signature: it is asked for, and asked for higher up" (function(t)
  local c = signing(t)
  c:vote("approve", { by = "zhao" })
  t:at "2026-01-22 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "again 3 workdays", times = 1 }
  c:expect { state = "signing", priority = "high" }
end)

test "an amendment that is late, and its signature, are asked for" (function(t)
  local c = amending(t)
  t:at "2026-01-08 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:fire("propose", { by = "li" })
  t:at "2026-01-19 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "again 2 workdays", times = 1 }
end)
