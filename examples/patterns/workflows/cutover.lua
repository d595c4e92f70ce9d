-- SPDX-License-Identifier: Apache-2.0
-- A switch-over: three jobs in any order, but the client has one maintenance window, and only one
-- job is in it at a time; tests only after the data. Changes to the plan while it is a draft.
local jobs = { "network", "data", "tests" }

local function others_in_window(name)
  local states = {}
  for _, other in ipairs(jobs) do
    if other ~= name then states[#states + 1] = other .. ".in_window" end
  end
  return states
end

-- A job is a section of two steps; entering it is possible only when nobody else is inside.
local function job(name, when)
  return state(name) {
    state(name .. ".ready") { owner = "engineer",
      on(name .. "_begin") { by = "engineer", when = { no(in_state(others_in_window(name))), when }, to = name .. ".in_window" },
    },
    state(name .. ".in_window") { done = name .. ".finished",
      state(name .. ".switching") { owner = "engineer", on(name .. "_switched") { by = "engineer", to = name .. ".checking" } },
      state(name .. ".checking")  { owner = "engineer", on(name .. "_checked")  { by = "engineer", to = name .. ".checked" } },
      final(name .. ".checked"),
    },
    final(name .. ".finished"),
  }
end

return workflow "cutover" {
  key = "CU", title = { en = "Switch-over", zh = "系统切换" },
  roles = { "pm", "engineer" },
  fields = { plan = text { title = { en = "Plan", zh = "切换方案" } } },
  parallel "switching" {
    job("network"), job("data"), job("tests", in_state "data.finished"),
    state "planning" {
      state "draft"  { owner = "pm", on "freeze" { by = "pm", to = "frozen" } },
      final "frozen",
    },
    -- Milestone: possible while the plan is a draft, not before and not after.
    on "change_plan" { by = "engineer", takes = { "plan" }, needs = { "plan" }, when = in_state "draft" },
    done = "switched",
  },
  final "switched",
}
