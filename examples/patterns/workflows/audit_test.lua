-- SPDX-License-Identifier: Apache-2.0
people { li = { "pm", lead = true }, wu = "auditor", qian = "auditor" }

local function visited(t)
  local c = t:open("audit", { by = "li" })
  c:fire("visited", { by = "wu" })
  return c
end

local function sampled(t)
  local c = visited(t)
  c:fire("sampled", { by = "wu", data = { findings = "None" } })
  return c
end

test "case handling, chained execution: the first step taken, the next are the same person's at once" (function(t)
  local c = visited(t)
  c:expect { state = "sampling", owner = "wu", waiting = { "wu" } }
  c:refuse("sampled", { by = "qian", why = "forbidden" })
  c:fire("sampled", { by = "wu" })
  c:expect { state = "reporting", owner = "wu", waiting = { "wu" } }
end)

test "retain familiar: who took the samples answers the questions, whoever has the audit now" (function(t)
  local c = sampled(t)
  c:assign("qian", { by = "wu" })
  c:fire("draft", { by = "qian", data = { report = "All well" } })
  c:expect { state = "questions", owner = "wu" }
  c:fire("answered", { by = "wu" })
  c:expect { state = "done" }
end)

test "automatic execution: the report is sent without anybody's doing" (function(t)
  local c = sampled(t)
  c:fire("draft", { by = "wu", data = { report = "All well" } })
  c:expect { state = "questions", fields = { sent = 1 } }
  t:expect_message { to = "li", about = c, kind = "notify", times = 1 }
end)

test "skip: the samples are left out, and why is kept" (function(t)
  local c = visited(t)
  c:refuse("skip", { by = "wu", why = "needs_fields" })
  c:fire("skip", { by = "wu", comment = "Nothing to sample" })
  c:expect { state = "reporting", fields = { findings = empty } }
end)

test "redo: samples are taken again" (function(t)
  local c = sampled(t)
  c:fire("redo", { by = "wu" })
  c:expect { state = "sampling", fields = { findings = "None" } }
  c:fire("sampled", { by = "wu", data = { findings = "Two" } })
  c:expect { state = "reporting", fields = { findings = "Two" } }
end)

test "pre-do: a report written before its turn is not asked for again" (function(t)
  local c = visited(t)
  c:fire("draft", { by = "wu", data = { report = "All well" } })
  c:expect { state = "sampling" }
  c:fire("sampled", { by = "wu" })
  c:expect { state = "questions", fields = { sent = 1 } }
end)
