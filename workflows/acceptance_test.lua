-- SPDX-License-Identifier: Apache-2.0
-- The practice of acceptance, sentence by sentence. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", sun = "engineer", zhao = "sponsor",
  mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local function prepared(t, fields)
  local said = { deliverable = "Order module", criteria = "All reports print", release = "2.0" }
  for name, value in pairs(fields or {}) do said[name] = value end
  return t:open("acceptance", { by = "li", fields = said })
end

-- The criteria are agreed, by both sides.
local function ready(t, fields)
  local c = prepared(t, fields)
  c:fire("propose", { by = "li" })
  c:vote("approve", { by = "mei" })
  return c
end

local function serve(t, c)
  c:fire("serve", { by = "li", data = { served = t:now() } })
end

local function initial(t)
  local c = ready(t)
  serve(t, c)
  return c
end

local function final(t)
  local c = ready(t, { stage = "final" })
  serve(t, c)
  return c
end

-- One of the client's people is enough to say no: nobody's objection is taken for silence.
local function reject(c)
  c:vote("reject", { by = "tom", comment = "Blank pages" })
end

local function overdue(t)
  local c = final(t)
  c:fire("postpone", { by = "mei", comment = "Nobody has time" })
  t:advance "10 workdays"
  return c
end

-- ---- accepted ----

test "acceptance has two stages, with a trial between them" (function(t)
  local c = initial(t)
  c:expect { state = "initial_test", waiting = { "mei", "tom" }, due = "2026-01-19 18:00" }
  c:vote("approve", { by = "mei" })
  c:expect { state = "trial", owner = "li", fields = { stage = "final", served = empty } }
  c:fire("proven", { by = "li", data = { trial = "No incident" } })
  serve(t, c)
  c:expect { state = "final_test" }
  c:vote("approve", { by = "tom" })
  c:expect { state = "accepted", outcome = "accepted", fields = { warranty = "2026-01-05" } }
end)

test "a small deliverable has the final acceptance only" (function(t)
  local c = final(t)
  c:vote("approve", { by = "mei" })
  c:expect { state = "accepted" }
end)

-- ---- what it is measured by ----

test "nothing is served before both sides know what it will be measured by" (function(t)
  local c = t:open("acceptance", { by = "li", fields = { deliverable = "Order module" } })
  c:refuse("propose", { by = "li", why = "needs_fields" })
  c:refuse("serve", { by = "li", why = "not_now" })
  c:edit({ criteria = "All reports print" }, { by = "li" })
  c:fire("propose", { by = "li" })
  c:refuse_vote("approve", { by = "li", why = "forbidden" })
  c:vote("changes", { by = "mei", comment = "To PDF, too" })
  c:expect { state = "preparing", owner = "li" }
end)

test "criteria that the client refuses are written anew" (function(t)
  local c = prepared(t)
  c:fire("propose", { by = "li" })
  reject(c)
  c:expect { state = "preparing" }
end)

test "silence about the criteria agrees to nothing" (function(t)
  local c = prepared(t)
  c:fire("propose", { by = "li" })
  c:expect { due = "2026-01-08 18:00" }
  t:at "2026-01-12 18:00"
  c:expect { state = "agreeing" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "tom", about = c, kind = "remind", text = "again 2 workdays", times = 1 }
end)

test "it can be called off, before the criteria are agreed and after, with a reason" (function(t)
  local c = prepared(t)
  c:refuse("cancel", { by = "li", why = "needs_fields" })
  c:fire("cancel", { by = "li", comment = "Not ordered after all" })
  c:expect { state = "cancelled", outcome = "cancelled" }
  c = ready(t)
  c:fire("cancel", { by = "li", comment = "Not ordered after all" })
  c:expect { state = "cancelled" }
end)

-- ---- silence ----

test "silence for ten working days is deemed acceptance" (function(t)
  local c = final(t)
  t:at "2026-01-19 17:59"
  c:expect { state = "final_test" }
  t:at "2026-01-19 18:00"
  c:expect { state = "accepted", outcome = "deemed", fields = { warranty = "2026-01-19" } }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "80%" }
end)

test "silence about the initial acceptance leads to the trial" (function(t)
  local c = initial(t)
  t:advance "10 workdays"
  c:expect { state = "trial", outcome = empty }
  t:expect_message { to = "tom", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "80%" }
end)

test "the time to answer counts from the proof of service, and not on holidays" (function(t)
  t:at "2026-02-10 10:00"
  local c = final(t)
  -- 11, 12, 13, Saturday 14 (worked); the Spring Festival; 24 to 27, Saturday 28 (worked), 2 March
  c:expect { due = "2026-03-02 18:00" }
end)

test "an answer in time is never deemed" (function(t)
  local c = final(t)
  t:at "2026-01-19 17:59"
  c:vote("approve", { by = "mei" })
  c:expect { outcome = "accepted" }
end)

-- ---- rework ----

test "what is rejected is reworked, and the stage that failed is tested again" (function(t)
  local c = initial(t)
  c:fire("note_defects", { by = "mei", data = { defects = { { what = "Blank pages", severity = "critical" } } } })
  reject(c)
  c:expect { state = "rework", owner = "sun", due = "2026-01-12 18:00", fields = { rework = 1, served = empty } }
  c:fire("note_defects", { by = "sun", data = { defects = { { what = "Blank pages", severity = "major" } } } })
  c:fire("reworked", { by = "sun", data = { release = "2.1" } })
  serve(t, c)
  c:expect { state = "initial_test", fields = { release = "2.1" } }
end)

test "rework that is late is told to those who wait for it" (function(t)
  local c = initial(t)
  reject(c)
  t:at "2026-01-14 18:00"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 2 workdays", times = 1 }
end)

test "the third rejection in a row ends it" (function(t)
  local c = final(t)
  for n = 1, 2 do
    reject(c)
    c:expect { state = "rework", fields = { rework = n } }
    c:fire("reworked", { by = "sun" })
    serve(t, c)
  end
  c:fire("note_defects", { by = "li", data = { defects = { { what = "Blank pages" } } } })
  reject(c)
  c:expect { state = "refused", outcome = "rejected" }
end)

test "a trial that fails is reworked" (function(t)
  local c = initial(t)
  c:vote("approve", { by = "mei" })
  c:fire("note_defects", { by = "mei", data = { defects = { { what = "Slow at noon", severity = "minor" } } } })
  c:refuse("failed", { by = "mei", why = "needs_fields" })
  c:fire("failed", { by = "mei", comment = "Down for a day" })
  c:expect { state = "rework" }
end)

test "a trial has twenty working days" (function(t)
  local c = initial(t)
  c:vote("approve", { by = "mei" })
  c:expect { due = "2026-02-02 18:00" }
  t:advance "20 workdays"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "late 0" }
end)

-- ---- reservations, parts ----

test "reservations are written down, agreed to by both sides, and worked off" (function(t)
  local c = final(t)
  c:fire("reserve", { by = "mei", data = { reservations = "The manual is to come" } })
  c:vote("approve", { by = "mei" })
  c:expect { state = "reserving", waiting = "li", due = "2026-01-08 18:00" }
  t:advance "3 workdays"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:vote("approve", { by = "li" })
  c:expect { state = "reserved", owner = "sun", due = "2026-02-05 18:00" }
  t:advance "20 workdays"
  t:expect_message { to = "sun", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  c:refuse("cleared", { by = "li", why = "forbidden" })
  c:fire("cleared", { by = "mei" })
  c:expect { outcome = "accepted_with_reservations", fields = { warranty = "2026-02-05" } }
end)

test "reservations of the initial acceptance go into the trial" (function(t)
  local c = initial(t)
  c:fire("reserve", { by = "tom", data = { reservations = "The manual is to come" } })
  c:vote("approve", { by = "tom" })
  c:vote("approve", { by = "li" })
  c:expect { state = "trial" }
end)

test "reservations that are not agreed to are reworked" (function(t)
  local c = final(t)
  c:fire("reserve", { by = "mei", data = { reservations = "And a mobile version" } })
  c:vote("reject", { by = "li", comment = "Not in the criteria" })
  c:expect { state = "rework" }
end)

test "a part can be accepted, and the rest is handed over as a case of its own" (function(t)
  local c = final(t)
  c:fire("accept_part", { by = "mei", data = { taken = "Reports", remaining = "Interfaces" } })
  c:expect { state = "parting", due = "2026-01-08 18:00" }
  c:vote("approve", { by = "mei" })
  t:advance "3 workdays"
  t:expect_message { to = "li", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:vote("approve", { by = "li" })
  c:expect { state = "accepted_part", outcome = "partially_accepted" }
  local rest = t:cases "acceptance"
  assert(#rest == 2)
  rest[2]:expect { state = "preparing", fields = { deliverable = "Interfaces", criteria = "All reports print" } }
end)

test "a part that both sides do not agree on is reworked" (function(t)
  local c = final(t)
  c:fire("accept_part", { by = "mei", data = { taken = "Reports", remaining = "Interfaces" } })
  c:vote("reject", { by = "li", comment = "They belong together" })
  c:expect { state = "rework" }
end)

-- ---- put off ----

test "a test that was put off goes on when the client names a day" (function(t)
  local c = initial(t)
  c:refuse("postpone", { by = "mei", why = "needs_fields" })
  c:fire("postpone", { by = "mei", comment = "Nobody has time" })
  c:expect { state = "postponed", waiting = "client", fields = { served = empty } }
  c:fire("continue", { by = "mei" })
  c:expect { state = "ready" }
end)

test "a client who puts it off for ever gets our own test's report" (function(t)
  local c = overdue(t)
  c:expect { state = "overdue", owner = "li" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "80%" }
  t:expect_message { to = "mei", about = c, kind = "notify", text = "late 0" }
  c:refuse("test_alone", { by = "li", data = { served = t:now() }, why = "needs_fields" })
  c:fire("test_alone", { by = "li", data = { served = t:now(), report = "48 of 48 passed" } })
  c:expect { state = "unilateral", due = "2026-01-26 18:00" }
  t:at "2026-01-26 18:00"
  c:expect { state = "accepted", outcome = "unilateral" }
  t:expect_message { to = "tom", about = c, kind = "remind", text = "50%" }
end)

test "even then the client may still test, agree or object" (function(t)
  local c = overdue(t)
  c:fire("continue", { by = "tom" })
  c:expect { state = "ready" }
  c = overdue(t)
  c:fire("test_alone", { by = "li", data = { served = t:now(), report = "48 of 48 passed" } })
  c:vote("approve", { by = "mei" })
  c:expect { outcome = "accepted" }
  c = overdue(t)
  c:fire("test_alone", { by = "li", data = { served = t:now(), report = "48 of 48 passed" } })
  reject(c)
  c:expect { state = "rework" }
end)
