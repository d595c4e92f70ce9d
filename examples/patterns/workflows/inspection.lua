-- SPDX-License-Identifier: Apache-2.0
-- One task three times, side by side: a function of the file writes the three regions.
local function inspection(n)
  local name = "inspection" .. n
  return state(name) {
    state(name .. ".due") { owner = "engineer", on(name .. "_passed") { by = "engineer", to = name .. ".passed" } },
    final(name .. ".passed"),
  }
end

return workflow "inspection" {
  key = "IN", title = { en = "Inspections", zh = "巡检" },
  roles = { "pm", "engineer" },
  open = { by = "pm" },
  parallel "inspecting" { inspection(1), inspection(2), inspection(3), done = "inspected" },
  final "inspected",
}
