-- SPDX-License-Identifier: Apache-2.0
-- What goes over to the client side by side: what was ordered, and the invoice in any case.
-- Each region asks whether it was chosen, and is finished at once when it was not.
local function part(name, title)
  return state(name) { title = title,
    state(name .. ".chosen") {
      always { when = { [name] = is(true) }, to = name .. ".open" },
      always { to = name .. ".left_out" },
    },
    state(name .. ".open") { owner = "engineer",
      on(name .. "_done")   { by = "engineer", to = name .. ".done" },
      on(name .. "_cancel") { by = "pm", to = name .. ".left_out" }, -- cancel task
    },
    final(name .. ".done"), final(name .. ".left_out"),
  }
end

return workflow "handover" {
  key = "HO", title = { en = "Handover", zh = "移交" },
  roles = { "pm", "engineer" },
  fields = { manual = flag {}, training = flag {}, data = flag {} },

  parallel "handing_over" {
    part("manual", { en = "Manual", zh = "手册" }),
    part("training", { en = "Training", zh = "培训" }),
    part("data", { en = "Data", zh = "数据" }),
    state "invoice" {
      state "writing" { owner = "pm", on "invoiced" { by = "pm", to = "invoiced" } },
      final "invoiced",
    },
    done = "handed_over", -- synchronization: all regions are final
    -- Cancel region: whatever is still going on inside ends; the case goes on.
    on "next_time" { by = "pm", note = "required", to = "postponed" },
  },
  state "postponed" { owner = "pm", on "again" { by = "pm", to = "handing_over" } },
  final "handed_over",
}
