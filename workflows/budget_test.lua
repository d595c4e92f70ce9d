-- SPDX-License-Identifier: Apache-2.0
-- The budget itself: booked by expenses, extended by a change request, closed when nothing is open. Working
-- hours are 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", fang = "finance", zhao = "sponsor", mei = { "client", of = "acme" } }

local function opened(t)
  return t:open("budget", { by = "li", fields = { summary = "ERP", total = "100000" } })
end

local function extending(t)
  local c = opened(t)
  c:fire("extend", { by = "li", data = { extension = "40000", change = "CR-12" } })
  return c
end

test "a budget is the team's, and only expenses are booked in it" (function(t)
  t:refuse_open("budget", { by = "mei", fields = { summary = "ERP", total = "1" } })
  local c = opened(t)
  c:expect { state = "open", owner = empty, fields = { spent = "0.00", warn_at = 80 } }
  c:refuse("book", { by = "li", data = { case = "EX-1", amount = "5" }, why = "forbidden" })
  c:refuse_edit({ spent = "5" }, { by = "li" })
  local e = t:open("expense", { by = "sun", fields = { summary = "Printer", amount = "300", budget = c.key } })
  e:fire("submit", { by = "sun" })
  c:refuse("close", { by = "li" })
  e:vote("approve", { by = "li" })
  e:fire("pay", { by = "fang", data = { paid_on = "2026-01-05" } })
  c:expect { fields = { spent = "300.00", used = 0, bookings = { { case = e.key, what = "Printer", amount = "300.00" } } } }
  c:fire("close", { by = "li" })
  c:expect { outcome = "closed" }
end)

test "more money comes by a change request and the sponsor's word" (function(t)
  local c = opened(t)
  c:refuse("extend", { by = "li", data = { extension = "40000" }, why = "needs_fields" })
  c = extending(t)
  c:expect { state = "extending", waiting = "zhao", due = "2026-01-08 18:00" }
  c:vote("approve", { by = "zhao" })
  c:expect { state = "open", fields = { total = "140000.00", extension = empty, change = "CR-12" } }
  c = extending(t)
  c:vote("reject", { by = "zhao", comment = "No" })
  c:expect { state = "open", fields = { total = "100000.00" } }
end)

test "an extension that is not decided is asked for" (function(t)
  local c = extending(t)
  t:at "2026-01-08 18:00"
  t:expect_message { to = "zhao", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
end)
