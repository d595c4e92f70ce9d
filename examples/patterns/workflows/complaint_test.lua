-- SPDX-License-Identifier: Apache-2.0
people {
  li = { "pm", groups = { "large-sums", "complaints" } }, sun = { "support", groups = { "complaints" } },
  wu = "support", mei = { "client", of = "acme" }, tom = { "client", of = "acme" },
}

local function complaint(t, damage)
  return t:open("complaint", { by = "mei", fields = { what = "Broken", damage = damage } })
end

test "authorization: what each may fire and change" (function(t)
  local c = complaint(t, 100)
  c:refuse_edit({ damage = 1 }, { by = "sun", why = "forbidden" })
  c:edit({ reply = "Sorry" }, { by = "sun" })
  c:expect { allowed = { mei = { "object" }, sun = { "settle", "ask_for_help", "assess" }, wu = {} } }
end)

test "capability-based distribution: large sums are settled by who is cleared for them" (function(t)
  local c = complaint(t, 20000)
  c:edit({ reply = "Sorry" }, { by = "sun" })
  c:refuse("settle", { by = "sun", why = "forbidden" })
  c:fire("settle", { by = "li" })
  c:expect { state = "settled" }
end)

test "organisational distribution: offered to the unit for complaints" (function(t)
  local c = complaint(t, 100)
  c:expect { owner = "complaints" }
  c:edit({ reply = "Sorry" }, { by = "wu" })
  c:refuse("settle", { by = "wu", why = "forbidden" })
  c:fire("settle", { by = "sun" })
end)

test "configurable visibility: another person of the client sees neither the offered nor the taken case" (function(t)
  local c = complaint(t, 100)
  c:refuse("object", { by = "tom", why = "not_found" })
  c:fire("ask_for_help", { by = "sun", data = { helper = "wu" } })
  c:expect { owner = "sun" }
  c:refuse("object", { by = "tom", why = "not_found" })
  c:fire("object", { by = "mei", comment = "Too slow" })
end)

test "additional resources: who is asked for help may work on it, too" (function(t)
  local c = complaint(t, 100)
  c:refuse("assess", { by = "wu", why = "forbidden", data = { damage = 200 } })
  c:fire("ask_for_help", { by = "sun", data = { helper = "wu" } })
  c:fire("assess", { by = "wu", data = { damage = 200 } })
  c:expect { owner = "sun", fields = { damage = 200 } }
end)
