-- SPDX-License-Identifier: Apache-2.0
-- Documents: which version holds, what its bytes are, who confirmed it. Working hours are 09:00-12:00 and
-- 13:30-18:00; every test begins on Monday 2026-01-05 at 09:00.
people { li = "pm", sun = "engineer", zhao = "sponsor", mei = { "client", of = "acme" } }

local HASH = ("0123456789abcdef"):rep(4)

local function writing(t)
  return t:open("document", { by = "sun", fields = { summary = "Interface specification", kind = "specification" } })
end

local function reviewing(t)
  local c = writing(t)
  c:edit({ release = "1.0", link = "https://drive.example.com/x", sha256 = HASH }, { by = "sun" })
  c:fire("submit", { by = "sun" })
  return c
end

local function confirming(t)
  local c = reviewing(t)
  c:vote("approve", { by = "li" })
  return c
end

local function in_force(t)
  local c = confirming(t)
  c:vote("approve", { by = "mei" })
  return c
end

test "a document is written, reviewed by another, confirmed by the client, and in force" (function(t)
  local c = writing(t)
  c:expect { state = "writing", owner = "sun", due = "2026-01-19 18:00" }
  local f = c:attach("spec.pdf", { by = "sun", text = "Orders", field = "content", shared = true })
  c:refuse("submit", { by = "sun", why = "needs_fields" })
  c:edit({ release = "1.0" }, { by = "sun" })
  c:fire("submit", { by = "sun" })
  c:expect { state = "reviewing", waiting = { "li", "zhao" }, due = "2026-01-07 18:00" }
  c:vote("approve", { by = "li" })
  c:expect { state = "confirming", waiting = "mei", due = "2026-01-08 18:00" }
  c:vote("approve", { by = "mei" })
  c:expect { state = "in_force", fields = { content = f } }
  assert(c:field "confirmed"[1].release == "1.0" and c:field "confirmed"[1].who == "mei")
  t:expect_message { to = "mei", about = c, kind = "notify" }
end)

test "what lies elsewhere is confirmed by its link and its SHA-256" (function(t)
  local c = writing(t)
  c:edit({ release = "1.0", link = "https://drive.example.com/x" }, { by = "sun" })
  c:refuse("submit", { by = "sun", why = "SHA-256" })
  c:edit({ sha256 = ("Z"):rep(64) }, { by = "sun" })
  c:refuse("submit", { by = "sun", why = "SHA-256" })
  c = in_force(t)
  assert(c:field "confirmed"[1].content == HASH)
end)

test "every version is confirmed anew, and what was confirmed stays on record" (function(t)
  local c = in_force(t)
  c:refuse_edit({ sha256 = ("0"):rep(64) }, { by = "sun" })
  c:refuse("revise", { by = "sun", data = { release = "1.1" }, why = "needs_fields" })
  c:fire("revise", { by = "sun", data = { release = "1.1", changes = "Stock" } })
  c:edit({ sha256 = ("0"):rep(64) }, { by = "sun" })
  c:fire("submit", { by = "sun" })
  c:vote("approve", { by = "li" })
  c:vote("approve", { by = "mei" })
  local all = c:field "confirmed"
  assert(#all == 2 and all[1].release == "1.0" and all[1].content == HASH and all[2].release == "1.1")
end)

test "what is not agreed to is written again" (function(t)
  local c = reviewing(t)
  c:vote("reject", { by = "li", comment = "Half" })
  c:vote("reject", { by = "zhao", comment = "Half" })
  c:expect { state = "writing" }
  c = reviewing(t)
  c:vote("changes", { by = "li", comment = "Name the fields" })
  c:expect { state = "writing" }
  c = confirming(t)
  c:vote("reject", { by = "mei", comment = "No" })
  c:expect { state = "writing" }
  c = confirming(t)
  c:vote("changes", { by = "mei", comment = "Stock, too" })
  c:expect { state = "writing" }
end)

test "a document is withdrawn with a reason, before it holds or after" (function(t)
  local c = writing(t)
  c:fire("withdraw", { by = "sun", comment = "Part of the manual" })
  c:expect { outcome = "withdrawn" }
  c = in_force(t)
  c:fire("withdraw", { by = "li", comment = "The interface is gone" })
  c:expect { outcome = "withdrawn" }
end)

test "who does not write, review or confirm is asked" (function(t)
  local w, r, k = writing(t), reviewing(t), confirming(t)
  t:at "2026-01-19 18:00"
  t:expect_message { to = "sun", about = w, kind = "remind", text = "80%" }
  t:expect_message { to = "li", about = w, kind = "notify", text = "late 0" }
  t:expect_message { to = "zhao", about = r, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = r, kind = "notify", text = "late 0" }
  t:expect_message { to = "mei", about = k, kind = "remind", text = "50%" }
  t:expect_message { to = "li", about = k, kind = "notify", text = "late 0" }
  t:expect_message { to = "mei", about = k, kind = "remind", text = "again 2 workdays" }
end)
