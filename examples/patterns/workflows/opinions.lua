-- SPDX-License-Identifier: Apache-2.0
-- Three experts are heard; how many are enough is said at the start. With enough, the report is
-- begun, and the others still answer: their answers change nothing. When all have answered, the
-- join is ready for another hearing.
local function expert(name)
  return state(name) {
    state(name .. ".asked") { owner = name,
      on(name .. "_answers") { by = name, run = set { answers = plus(1) }, to = name .. ".heard" },
    },
    final(name .. ".heard"),
  }
end

-- answers = min("needed") cannot be said as data: conditions compare with constants.
local function enough(c)
  return c.fields.answers >= c.fields.needed
end

return workflow "opinions" {
  key = "OP", title = { en = "Expert opinions", zh = "专家意见" },
  roles = { "pm", "legal", "safety", "finance" },
  fields = {
    needed  = number { min = 1, max = 3, default = 1, title = { en = "Answers needed", zh = "所需意见数" } },
    answers = number { default = 0, title = { en = "Answers", zh = "已收意见" } },
  },
  open = { by = "pm", takes = { "needed" } },
  parallel "hearing" { enter = set { answers = 0 },
    expert "legal", expert "safety", expert "finance",
    state "report" {
      state "waiting" { always { when = enough, to = "writing" } },
      state "writing" { owner = "pm", on "written" { by = "pm", to = "report.done" } },
      final "report.done",
    },
    done = "deciding",
  },
  state "deciding" { owner = "pm",
    on "hear_again" { by = "pm", to = "hearing" },
    on "decide"     { by = "pm", to = "decided" },
  },
  final "decided",
}
