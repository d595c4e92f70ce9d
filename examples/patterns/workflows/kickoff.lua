-- SPDX-License-Identifier: Apache-2.0
-- A new client is taken on: one thing after the other, one of two ways, and a way out.
return workflow "kickoff" {
  key = "KI", title = { en = "Kickoff", zh = "项目启动" },
  roles = { "pm" },
  fields = { value = money { required = true, title = { en = "Contract value", zh = "合同金额" } } },

  -- Cancel case: from wherever it is.
  on "cancel" { by = "pm", note = "required", to = "cancelled" },

  state "signed" { owner = "pm",
    -- Exclusive choice: the first condition that holds, in the order written.
    on "plan" { by = "pm", when = { value = above(100000) }, to = "workshop" },
    on "plan" { by = "pm", to = "call" },
  },
  state "workshop" { owner = "pm", on "held" { by = "pm", to = "meeting" } },
  state "call"     { owner = "pm", on "held" { by = "pm", to = "meeting" } },
  -- Simple merge: whichever way the case came, it goes on here.
  state "meeting"  { owner = "pm", on "started" { by = "pm", to = "running" } },

  -- Explicit termination: a final ends the case, whatever else was going on.
  final "running"   { outcome = "running" },
  final "cancelled" { outcome = "cancelled" },
}
