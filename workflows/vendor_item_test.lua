-- SPDX-License-Identifier: Apache-2.0
-- Subcontracts and purchases: agreed to, ordered, chased, checked, paid. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", fang = "finance", zhao = "sponsor", mei = { "client", of = "acme" } }

local function planned(t)
  return t:open("vendor_item", { by = "sun", fields = { summary = "Label printer", needed_by = "2026-02-02" } })
end

local function deciding(t, amount)
  local c = planned(t)
  c:fire("propose", { by = "li", data = { vendor = "Epsilon", amount = amount or "3000", criteria = "It prints" } })
  return c
end

local function to_order(t)
  local c = deciding(t)
  c:vote("approve", { by = "li" })
  return c
end

-- Nine working days from the fifth.
local function ordered(t)
  local c = to_order(t)
  c:fire("order", { by = "li", data = { contract = "PO-7", promised = "2026-01-16" } })
  return c
end

local function checking(t)
  local c = ordered(t)
  c:fire("deliver", { by = "sun" })
  return c
end

test "something is agreed to, ordered, delivered, checked and paid" (function(t)
  t:refuse_open("vendor_item", { by = "mei", fields = { summary = "x" } })
  local c = planned(t)
  c:expect { state = "planned", owner = "li", due = "2026-01-12 18:00" }
  c:refuse("propose", { by = "li", why = "needs_fields" })
  c = deciding(t)
  c:expect { state = "deciding", waiting = "li" }
  c:vote("approve", { by = "li" })
  c:expect { state = "to_order", due = "2026-01-07 18:00" }
  c:fire("order", { by = "li", data = { contract = "PO-7", promised = "2026-01-16" } })
  c:expect { state = "ordered", due = "2026-01-16 18:00" }
  c:fire("deliver", { by = "sun" })
  c:expect { state = "checking", owner = "sun", due = "2026-01-08 18:00" }
  c:fire("accept", { by = "sun" })
  c:expect { state = "to_pay", owner = "fang", due = "2026-01-19 18:00" }
  c:refuse("pay", { by = "fang", data = { paid_on = "2026-01-05" }, why = "needs_fields" })
  c:fire("pay", { by = "fang", data = { paid_on = "2026-01-05", stars = 4 } })
  c:expect { outcome = "paid" }
end)

test "the more it costs, the more agree" (function(t)
  deciding(t, "5000"):expect { waiting = { "li", "fang" } }
  deciding(t, "20000"):expect { waiting = { "li", "fang", "zhao" } }
  local c = deciding(t)
  c:vote("reject", { by = "li", comment = "We have one" })
  c:expect { outcome = "refused" }
  c = deciding(t)
  c:vote("changes", { by = "li", comment = "Ask another vendor" })
  c:expect { state = "planned" }
  c:fire("cancel", { by = "li", comment = "Not needed" })
  c:expect { outcome = "cancelled" }
end)

test "a delivery is chased before its day and after it, and may be put off" (function(t)
  local c = ordered(t)
  t:at "2026-01-15 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "70%" }
  t:expect_message { to = "sun", about = c, kind = "notify", text = "90%" }
  c:fire("put_off", { by = "li", data = { promised = "2026-01-23" }, comment = "No chips" })
  c:expect { state = "ordered", due = "2026-01-23 18:00", fields = { delays = 1 } }
  t:at "2026-01-23 18:00"
  c:expect { state = "late", priority = "high" }
  t:at "2026-01-28 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 2 workdays", times = 1 }
  c:fire("to_risk", { by = "li" })
  t:cases "risk"[1]:expect { links = { c.key }, fields = { category = "supplier" } }
  c:fire("put_off", { by = "li", data = { promised = "2026-02-06" }, comment = "Still none" })
  c:expect { state = "ordered", fields = { delays = 2 } }
end)

test "what comes late is checked all the same, and what is wrong is sent back with a new day" (function(t)
  local c = ordered(t)
  t:at "2026-01-19 10:00"
  c:fire("deliver", { by = "sun" })
  c:refuse("send_back", { by = "sun", data = { defects = "No cable" }, why = "needs_fields" })
  c:fire("send_back", { by = "sun", data = { defects = "No cable", promised = "2026-01-30" } })
  c:expect { state = "ordered", due = "2026-01-30 18:00", fields = { rejected = 1 } }
end)

test "who is late on our side is asked, in every step" (function(t)
  local p, d, o, k = planned(t), deciding(t), to_order(t), checking(t)
  local y = checking(t)
  y:fire("accept", { by = "sun" })
  t:at "2026-01-19 18:00"
  t:expect_message { to = "li", about = p, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = p, kind = "notify", text = "late 0" }
  t:expect_message { to = "li", about = d, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = d, kind = "notify", text = "late 0" }
  t:expect_message { to = "li", about = o, kind = "remind", text = "50%" }
  t:expect_message { to = "sun", about = o, kind = "notify", text = "late 0" }
  t:expect_message { to = "sun", about = k, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = k, kind = "notify", text = "late 0" }
  t:expect_message { to = "fang", about = y, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = y, kind = "notify", text = "late 0" }
end)
