-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", sun = "engineer" }

local function opened(t, ...)
  local fields = {}
  for _, name in ipairs { ... } do fields[name] = true end
  return t:open("handover", { by = "li", fields = fields })
end

test "parallel split: the regions are active together" (function(t)
  opened(t, "manual", "training", "data"):expect {
    state = { "manual.open", "training.open", "data.open", "writing" } }
end)

test "synchronization: the case goes on when the last region is finished" (function(t)
  local c = opened(t, "manual", "training", "data")
  for _, event in ipairs { "data_done", "manual_done", "training_done" } do c:fire(event, { by = "sun" }) end
  c:expect { state = "handing_over" }
  c:fire("invoiced", { by = "li" })
  c:expect { state = "handed_over" }
end)

test "multi-choice: none, one or several of the parts are open" (function(t)
  opened(t):expect { state = { "manual.left_out", "training.left_out", "data.left_out", "writing" } }
  opened(t, "data"):expect { state = { "manual.left_out", "training.left_out", "data.open", "writing" } }
  opened(t, "manual", "data"):expect { state = { "manual.open", "training.left_out", "data.open", "writing" } }
end)

test "synchronizing merge: only those chosen are waited for" (function(t)
  local c = opened(t, "training")
  c:fire("invoiced", { by = "li" })
  c:expect { state = "handing_over" }
  c:fire("training_done", { by = "sun" })
  c:expect { state = "handed_over" }
end)

test "cancel task: one part is taken out, the others go on" (function(t)
  local c = opened(t, "manual", "training", "data")
  c:fire("manual_cancel", { by = "li" })
  c:refuse("manual_done", { by = "sun", why = "not_now" })
  c:expect { state = { "manual.left_out", "training.open", "data.open", "writing" } }
  c:fire("training_cancel", { by = "li" })
  c:fire("data_cancel", { by = "li" })
  c:expect { state = { "manual.left_out", "training.left_out", "data.left_out", "writing" } }
end)

test "cancel region: all that stands in it ends, the case goes on" (function(t)
  local c = opened(t, "manual", "data")
  c:fire("next_time", { by = "li", comment = "The client has moved" })
  c:expect { state = { "postponed" } }
  c:refuse("manual_done", { by = "sun", why = "not_now" })
  c:fire("again", { by = "li" })
  c:expect { state = { "manual.open", "training.left_out", "data.open", "writing" } }
end)

test "implicit termination: nothing left to do ends the case, where done leads to a final" (function(t)
  local c = opened(t)
  c:fire("invoiced", { by = "li" })
  c:expect { state = "handed_over", outcome = "handed_over" }
end)
