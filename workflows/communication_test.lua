-- SPDX-License-Identifier: Apache-2.0
-- The communication record: what is noted, answered in time, confirmed, promised and kept. Working hours are
-- 09:00-12:00 and 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" },
}

local function noted(t, more)
  local fields = { summary = "Prices of the second stage", happened = t:now(), contacts = { "mei" }, notes = "She is cross" }
  for name, value in pairs(more or {}) do fields[name] = value end
  return t:open("communication", { by = "sun", fields = fields })
end

test "a call that wants nothing is filed at once and bothers nobody" (function(t)
  local c = noted(t)
  c:expect { state = "filed", outcome = "filed", fields = { kind = "call", direction = "both" } }
  t:expect_none { to = "mei" }
  t:expect_none { to = "li" }
end)

test "the client notes nothing" (function(t)
  t:refuse_open("communication", { by = "mei", fields = { summary = "x", happened = t:now() } })
end)

test "who calls is answered within four hours of work, who writes a letter within five days" (function(t)
  local call = noted(t, { wants_answer = true, direction = "in" })
  call:expect { state = "answering", owner = "sun", due = "2026-01-05 14:30" }
  local letter = noted(t, { wants_answer = true, direction = "in", kind = "letter" })
  letter:expect { due = "2026-01-12 18:00" }
  t:at "2026-01-05 14:30"
  t:expect_message { to = "sun", about = call, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = call, kind = "notify", text = "late 0" }
  t:expect_none { to = "zhao", about = call }
  call:expect { priority = "high" }
  t:at "2026-01-06 18:00"
  t:expect_message { to = "zhao", about = call, kind = "notify", text = "again 1 workday" }
  call:refuse("answer", { by = "sun", why = "needs_fields" })
  call:fire("answer", { by = "sun", comment = "Sent her the list" })
  call:expect { outcome = "answered" }
  letter:fire("answer", { by = "sun", comment = "Asked for time", data = { promise = "An answer in full", promised_for = "2026-01-16" } })
  letter:expect { state = "promised", due = "2026-01-16 18:00" }
end)

test "a promise is open until it is kept, and its day is kept or moved with a reason" (function(t)
  local c = noted(t, { promise = "The price list", promised_for = "2026-01-09", holder = "li" })
  c:expect { state = "promised", owner = "li", due = "2026-01-09 18:00" }
  c:refuse("move", { by = "li", data = { promised_for = "2026-01-16" }, why = "needs_fields" })
  c:fire("move", { by = "li", data = { promised_for = "2026-01-16" }, comment = "She agreed to Friday week" })
  c:expect { due = "2026-01-16 18:00", fields = { moved = 1 } }
  t:at "2026-01-20 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "late 0", times = 1 }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 2 workdays" }
  c:fire("keep", { by = "li", comment = "Sent" })
  c:expect { outcome = "kept" }
end)

test "what was said is confirmed in writing, and stands when nobody objects" (function(t)
  local c = noted(t, { confirm = true, agreed = "Stage two costs 20 000", promise = "An offer", promised_for = "2026-01-30" })
  c:expect { state = "confirming", waiting = "mei" }
  c:vote("reject", { by = "mei", comment = "It was 18 000" })
  c:expect { state = "wording", owner = "sun" }
  c:edit({ agreed = "Stage two costs 18 000" }, { by = "sun" })
  c:fire("send", { by = "sun" })
  t:advance "4 days"
  c:expect { state = "promised" }
  c:fire("withdraw", { by = "li", comment = "The stage is called off" })
  c:expect { outcome = "withdrawn" }
  local unclear = noted(t, { confirm = true, agreed = "As always" })
  unclear:vote("changes", { by = "mei", comment = "What is always?" })
  t:advance "4 days"
  t:expect_message { to = "li", about = unclear, kind = "notify", text = "late 0" }
  unclear:fire("drop", { by = "li", comment = "She remembers it well" })
  unclear:expect { outcome = "filed" }
  local plain = noted(t, { confirm = true, agreed = "No change" })
  plain:vote("approve", { by = "mei" })
  plain:expect { outcome = "confirmed" }
end)
