-- SPDX-License-Identifier: Apache-2.0
-- The practice of changes, sentence by sentence. Working hours are 09:00-12:00 and 13:30-18:00;
-- every test begins on Monday 2026-01-05 at 09:00.
people {
  li = "pm", zhao = "sponsor", wang = { "engineer", "ccb" }, chen = "ccb", sun = "engineer",
  mei = { "client", of = "acme" },
}

local function submitted(t, fields, by)
  local said = { summary = "Add export", reason = "Auditors ask for it" }
  for name, value in pairs(fields or {}) do said[name] = value end
  local c = t:open("change_request", { by = by or "mei", fields = said })
  c:fire("submit", { by = by or "mei" })
  return c
end

-- Screened and assessed, at this cost: to be decided.
local function assessed(t, cost, priced, by)
  local c = submitted(t, nil, by)
  c:fire("accept", { by = "li" })
  c:fire("assess", { by = "sun", data = { days = 5, risk = "low" } })
  local data = { cost = cost or "20000.00", scope = "One report more" }
  for name, value in pairs(priced or {}) do data[name] = value end
  c:fire("price", { by = "li", data = data })
  return c
end

local function agree(c, people)
  for _, person in ipairs(people) do c:vote("approve", { by = person }) end
end

local function emergency(t)
  local c = submitted(t, { class = "emergency" })
  c:fire("accept", { by = "li" })
  return c
end

-- Built under an emergency's authority and verified: the board looks at it now.
local function reviewed(t, data)
  local c = emergency(t)
  c:vote("approve", { by = "chen" })
  c:fire("implemented", { by = "sun" })
  c:fire("verified", { by = "li", data = data or { cost = "800.00", scope = "A hotfix" } })
  return c
end

local function built(t)
  local c = assessed(t)
  agree(c, { "li", "wang", "chen", "mei" })
  c:fire("implemented", { by = "sun" })
  return c
end

-- ---- from the wish to the file ----

test "a change is screened, assessed side by side, decided, built, verified and filed" (function(t)
  local c = submitted(t)
  c:expect { state = "screening", owner = "li", waiting = "li", due = "2026-01-06 18:00" }
  c:fire("accept", { by = "li" })
  c:expect { state = { "estimating", "pricing" }, owner = { pricing = "li", estimating = "engineer" } }
  c:fire("assess", { by = "sun", data = { days = 5, risk = "low" } })
  c:expect { state = { "estimated", "pricing" } }
  c:fire("price", { by = "li", data = { cost = "20000.00", scope = "One report more", margin = "3000.00" } })
  c:expect { state = "deciding", waiting = { "chen", "li", "mei", "wang" }, fields = { cost = 20000, risk = "low" } }
  agree(c, { "li", "wang", "chen" })
  c:expect { state = "deciding", waiting = "mei" }
  c:vote("approve", { by = "mei" })
  c:expect { state = "implementing" }
  c:fire("implemented", { by = "sun" })
  c:fire("verified", { by = "li", data = { result = "Prints twelve pages" } })
  c:fire("archive", { by = "li", data = { filed = "Annex 3" } })
  c:expect { state = "closed", outcome = "implemented", waiting = empty }
end)

test "everybody concerned is told what was decided" (function(t)
  local c = assessed(t)
  agree(c, { "li", "wang", "chen" })
  t:expect_none { to = "sun", about = c, kind = "notify" }
  c:vote("approve", { by = "mei" })
  for _, person in ipairs { "mei", "sun", "wang" } do
    t:expect_message { to = person, about = c, kind = "notify", times = 1 }
  end
end)

test "what fails its verification is built again" (function(t)
  local c = built(t)
  c:refuse("failed", { by = "li", why = "needs_fields" })
  c:fire("failed", { by = "li", comment = "The report is empty" })
  c:expect { state = "implementing" }
end)

test "whoever asked may take it back before it is screened, and nobody else" (function(t)
  local c = t:open("change_request", { by = "mei", fields = { summary = "Add export", reason = "Auditors" } })
  c:expect { state = "draft", owner = "mei", allowed = { li = empty, mei = { "submit", "withdraw" } } }
  c:fire("withdraw", { by = "mei" })
  c:expect { state = "withdrawn", outcome = "withdrawn" }
end)

test "a request that is not clear goes back to whoever asked, with a reason" (function(t)
  local c = submitted(t)
  c:refuse("return", { by = "li", why = "needs_fields" })
  c:fire("return", { by = "li", comment = "Which report?" })
  c:expect { state = "draft", owner = "mei" }
  c:edit({ summary = "Add export of the sales report" }, { by = "mei" })
  c:fire("submit", { by = "mei" })
  c:expect { state = "screening" }
end)

test "a request can be rejected at its screening" (function(t)
  local c = submitted(t)
  c:fire("reject", { by = "li", comment = "Not what the contract is about" })
  c:expect { state = "rejected", outcome = "rejected" }
end)

-- ---- who decides ----

test "the dearer a change, the more must agree" (function(t)
  local c = assessed(t, "10000.00")
  agree(c, { "li", "wang", "mei" })
  c:expect { state = "implementing" }
  c = assessed(t, "10000.01")
  agree(c, { "li", "wang", "mei" })
  c:expect { state = "deciding", waiting = "chen" }
  c = assessed(t, "50000.01")
  agree(c, { "li", "wang", "chen", "mei" })
  c:expect { state = "deciding", waiting = "zhao" }
  c = assessed(t, "200000.01") -- 2 for each of the board, 3 for the sponsor; 7 are needed
  agree(c, { "li", "wang", "chen", "mei" })
  c:expect { state = "deciding" }
  c:vote("approve", { by = "zhao" })
  c:expect { state = "implementing" }
end)

test "what the sponsor has signed, only the sponsor changes" (function(t)
  local c = assessed(t, "100.00", { touches = "baseline" })
  agree(c, { "li", "wang", "mei" })
  c:expect { state = "deciding", waiting = "zhao" }
end)

test "nobody decides about a request of their own" (function(t)
  local c = assessed(t, "20000.00", nil, "li")
  c:refuse_vote("approve", { by = "li", why = "forbidden" })
  agree(c, { "wang", "chen", "mei" })
  c:expect { state = "deciding", waiting = "zhao" } -- in place of the only project manager
end)

test "the client alone can stop a change" (function(t)
  local c = assessed(t)
  c:vote("reject", { by = "mei", comment = "Too dear" })
  c:expect { state = "rejected", outcome = "rejected" }
end)

test "a change of what is agreed to voids what was agreed before" (function(t)
  local c = assessed(t)
  agree(c, { "wang", "mei" })
  c:edit({ cost = "24000.00" }, { by = "li" })
  c:expect { waiting = { "chen", "li", "mei", "wang" } }
end)

test "who wants it otherwise sends it back to be assessed" (function(t)
  local c = assessed(t)
  c:vote("changes", { by = "mei", comment = "Two reports, please" })
  c:expect { state = { "estimating", "pricing" } }
end)

-- ---- standard and emergency ----

test "a small change inside the baseline is the project manager's own" (function(t)
  local c = submitted(t, { class = "standard" })
  c:edit({ cost = "5000.00", scope = "One label" }, { by = "li" })
  c:fire("authorise", { by = "li" })
  c:expect { state = "implementing" }
  c = submitted(t, { class = "standard" })
  c:edit({ cost = "5000.01", scope = "One label" }, { by = "li" })
  c:refuse("authorise", { by = "li" })
end)

test "an emergency is authorised by one voice and reviewed afterwards" (function(t)
  local c = reviewed(t)
  c:expect { state = "reviewing", waiting = { "chen", "li", "wang" } }
  agree(c, { "li", "wang", "chen" })
  c:expect { state = "archiving", owner = "li" }
end)

test "an emergency that nobody answers grows louder by the hour" (function(t)
  local c = emergency(t)
  c:expect { state = "authorising", due = "2026-01-05 14:30", priority = "normal" }
  t:at "2026-01-05 11:00"
  t:expect_message { to = "chen", about = c, kind = "remind", text = "50%" }
  t:at "2026-01-05 14:30"
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:expect { priority = "high" }
  t:expect_none { to = "chen", about = c, text = "again 1 workhour" }
  t:at "2026-01-05 15:30"
  t:expect_message { to = "chen", about = c, text = "again 1 workhour", times = 1 }
end)

test "an emergency can be refused, or turn out to be none" (function(t)
  local c = emergency(t)
  for _, person in ipairs { "chen", "wang", "zhao" } do c:vote("reject", { by = person, comment = "It can wait" }) end
  c:expect { outcome = "rejected" }
  c = emergency(t)
  c:vote("changes", { by = "chen", comment = "No emergency" })
  c:expect { state = { "estimating", "pricing" } }
end)

test "what the board does not agree to afterwards is taken back" (function(t)
  local c = reviewed(t)
  c:vote("reject", { by = "li", comment = "It broke the archive" })
  c:expect { state = "reverting", due = "2026-01-07 18:00" }
  t:advance "2 workdays"
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  c:fire("reverted", { by = "sun" })
  c:expect { state = "taken_back", outcome = "reverted" }
end)

test "a review that nobody gives is asked for again and again" (function(t)
  local c = reviewed(t)
  c:expect { due = "2026-01-12 18:00" }
  t:at "2026-01-14 18:00"
  t:expect_message { to = "chen", about = c, kind = "remind", text = "50%", times = 1 }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0", times = 1 }
  t:expect_message { to = "chen", about = c, kind = "remind", text = "again 2 workdays", times = 1 }
end)

-- ---- when nobody answers ----

test "a screening that is late goes to the sponsor" (function(t)
  local c = submitted(t)
  t:at "2026-01-06 15:00" -- 80% of 15 working hours
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_none { to = "zhao", about = c }
  t:at "2026-01-06 18:00"
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:expect { owner = "li", priority = "normal" }
  t:at "2026-01-07 18:00"
  c:expect { owner = "zhao", priority = "high" }
end)

test "an assessment that is late is the project manager's business" (function(t)
  local c = submitted(t)
  c:fire("accept", { by = "li" })
  c:expect { due = "2026-01-08 18:00" }
  t:advance "3 workdays"
  t:expect_message { to = "li", about = c, text = "80%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
end)

test "a decision that is not taken in five working days parks the change" (function(t)
  local c = assessed(t)
  c:expect { due = "2026-01-12 18:00" }
  t:at "2026-01-12 17:59"
  c:expect { state = "deciding" }
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%", times = 1 }
  t:expect_message { to = "li", about = c, kind = "notify", text = "80%" }
  t:at "2026-01-12 18:00"
  c:expect { state = "parked", waiting = "client" }
end)

test "a parked change goes on when the material has come, and is assessed anew" (function(t)
  local c = assessed(t)
  c:vote("defer", { by = "mei", comment = "Not this year" })
  c:expect { state = "parked", due = "2026-01-19 18:00" }
  c:fire("resume", { by = "mei" })
  c:expect { state = { "estimating", "pricing" } }
end)

test "a parked change that nobody takes up lapses after thirty days" (function(t)
  local c = assessed(t)
  c:vote("defer", { by = "mei", comment = "Not this year" })
  t:at "2026-01-19 18:00"
  t:expect_message { to = "mei", about = c, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = c, kind = "notify", text = "late 0" }
  t:at "2026-02-04 08:59"
  c:expect { state = "parked" }
  t:at "2026-02-04 09:00"
  c:expect { state = "lapsed", outcome = "lapsed" }
end)

test "a verification or a filing that is late is not forgotten" (function(t)
  local c = built(t)
  c:expect { state = "verifying", due = "2026-01-12 18:00" }
  t:advance "5 workdays"
  t:expect_message { to = "li", about = c, kind = "remind", text = "80%" }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "late 0" }
  c:fire("verified", { by = "li" })
  c:expect { state = "archiving", due = "2026-01-19 18:00" }
  t:at "2026-01-26 18:00"
  t:expect_message { to = "li", about = c, kind = "remind", text = "late 0", times = 2 }
  t:expect_message { to = "zhao", about = c, kind = "notify", text = "again 5 workdays", times = 1 }
end)

test "who is away is stood in for, and both names are kept" (function(t)
  local c = assessed(t)
  t:absent("wang", "2026-01-05", "2026-01-09", { to = "sun" })
  agree(c, { "li", "chen", "mei" })
  c:vote("approve", { by = "sun", on_behalf = "wang" })
  c:expect { state = "implementing" }
end)
