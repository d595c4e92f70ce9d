-- SPDX-License-Identifier: Apache-2.0
-- Finance: what may be spent, who must agree, what is booked. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", fang = "finance", zhao = "sponsor", mei = { "client", of = "acme" } }

local function asked(t, amount, total)
  local b = t:open("budget", { by = "li", fields = { summary = "ERP", total = total or "100000" } })
  local c = t:open("expense", { by = "sun", fields = { summary = "Printer", amount = amount, budget = b.key } })
  c:fire("submit", { by = "sun" })
  return c, b
end

local function paid(t, amount, total)
  local c, b = asked(t, amount, total)
  c:vote("approve", { by = "li" })
  c:vote("approve", { by = "fang" })
  c:vote("approve", { by = "zhao" })
  c:fire("pay", { by = "fang", data = { paid_on = "2026-01-05" } })
  return c, b
end

test "a small expense is the project manager's, and is booked when it is paid" (function(t)
  local c, b = asked(t, "1200.50")
  c:expect { state = "deciding", waiting = "li", due = "2026-01-07 18:00", fields = { standing = "within" } }
  c:vote("approve", { by = "li" })
  c:expect { state = "to_pay", owner = "fang", due = "2026-01-12 18:00" }
  c:refuse("pay", { by = "fang", why = "needs_fields" })
  c:fire("pay", { by = "fang", data = { paid_on = "2026-01-05" } })
  c:expect { outcome = "paid" }
  b:expect { fields = { spent = "1200.50", used = 1 } }
end)

test "the more it is, the more agree: finance from 5,000, the sponsor from 20,000" (function(t)
  asked(t, "4999.99"):expect { waiting = "li" }
  asked(t, "5000"):expect { waiting = { "li", "fang" } }
  asked(t, "20000"):expect { waiting = { "li", "fang", "zhao" } }
end)

test "near the limit and above it the sponsor agrees to whatever it is" (function(t)
  asked(t, "800", "1000"):expect { fields = { standing = "within" }, waiting = "li" }
  asked(t, "801", "1000"):expect { fields = { standing = "near" }, waiting = { "li", "zhao" } }
  asked(t, "1001", "1000"):expect { fields = { standing = "over" }, waiting = { "li", "zhao" } }
end)

test "nobody agrees to an expense of their own, and the client sees none" (function(t)
  local b = t:open("budget", { by = "li", fields = { summary = "ERP", total = "100000" } })
  local c = t:open("expense", { by = "li", fields = { summary = "Train", amount = "300", budget = b.key } })
  c:fire("submit", { by = "li" })
  c:expect { waiting = "zhao" }
  t:refuse_open("expense", { by = "mei", fields = { summary = "Train", amount = "300", budget = b.key } })
end)

test "an expense is rejected, changed, or withdrawn" (function(t)
  local c = asked(t, "300")
  c:vote("reject", { by = "li", comment = "We have one" })
  c:expect { outcome = "rejected" }
  c = asked(t, "300")
  c:vote("changes", { by = "li", comment = "Which one?" })
  c:expect { state = "draft" }
  c:fire("withdraw", { by = "sun" })
  c:expect { outcome = "withdrawn" }
end)

test "a budget that there is none of is seen, and the expense goes back" (function(t)
  local c = t:open("expense", { by = "sun", fields = { summary = "Printer", amount = "300", budget = "the big one" } })
  c:refuse("submit", { by = "sun", why = "like BG-1" })
  c:edit({ budget = "BG-99" }, { by = "sun" })
  c:fire("submit", { by = "sun" })
  t:at "2026-01-05 10:00"
  c:expect { state = "asking" }
  t:expect_message { to = "sun", about = c, kind = "notify", text = "late 0" }
  c:fire("return", { by = "sun" })
  c:expect { state = "draft" }
end)

test "a decision and a payment that are late are asked for" (function(t)
  local c = asked(t, "300")
  t:at "2026-01-08 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "li", about = c, kind = "remind", text = "again 1 workday", times = 1 }
  c:vote("approve", { by = "li" })
  t:at "2026-01-15 18:00"
  t:expect_message { to = "fang", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "sun", about = c, kind = "notify", text = "late 0" }
end)

test "whoever runs the money is told when the limit is near, and when it is passed" (function(t)
  local _, b = paid(t, "85000")
  b:expect { priority = "high", fields = { spent = "85000.00", used = 85 } }
  t:expect_message { to = "zhao", about = b, kind = "notify", times = 1 }
  local c = t:open("expense", { by = "sun", fields = { summary = "More", amount = "20000", budget = b.key } })
  c:fire("submit", { by = "sun" })
  c:expect { fields = { standing = "over" } }
  for _, who in ipairs { "li", "fang", "zhao" } do c:vote("approve", { by = who }) end
  c:fire("pay", { by = "li", data = { paid_on = "2026-01-05" } })
  b:expect { priority = "urgent", fields = { spent = "105000.00", used = 105 } }
end)
