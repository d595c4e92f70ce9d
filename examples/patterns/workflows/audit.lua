-- SPDX-License-Identifier: Apache-2.0
-- An audit at the client's: whoever takes it has the whole of it, one step after the other. Steps
-- can be left out, done again, and done before their turn.
local function sampler(c) return c.fields.sampler end

return workflow "audit" {
  key = "AU", title = { en = "Audit", zh = "审核" },
  roles = { "pm", "auditor" },
  fields = {
    sampler  = person { title = { en = "Sampled by", zh = "抽样人" } },
    findings = text { title = { en = "Findings", zh = "审核发现" } },
    report   = text { title = { en = "Report", zh = "报告" } },
    sent     = number { default = 0 },
  },
  open = { by = "pm", takes = {} },

  -- Case handling: the owner of the outer state is the owner of all steps inside.
  state "auditing" { owner = "auditor", start = "visiting",
    on "draft" { by = "owner", takes = { "report" }, needs = { "report" } }, -- pre-do: the report, at any step

    state "visiting"  { on "visited" { by = "owner", to = "sampling" } },
    state "sampling"  {
      on "sampled" { by = "owner", takes = { "findings" }, run = function(c, e) c:set("sampler", e.by) end, to = "reporting" },
      on "skip"    { by = "owner", note = "required", to = "reporting" },
    },
    state "reporting" {
      always { when = { report = filled }, to = "sending" },
      on "redo" { by = "owner", to = "sampling" },
    },
    -- Nobody's work: entering it does it.
    state "sending" { enter = { notify "pm", set { sent = plus(1) } }, always { to = "questions" } },
  },
  -- Retain familiar: questions about the findings go to whoever took the samples.
  state "questions" { owner = sampler, on "answered" { by = "owner", to = "done" } },
  final "done",
}
