-- SPDX-License-Identifier: Apache-2.0
-- A package of work that is split into packages, which may be split again: the workflow opens
-- cases of itself, and each tells the one that it came from when it is done.
local function report(c)
  if c.fields.parent then c:fire(c.fields.parent, "part_done") end
end

return workflow "work_package" {
  key = "WP", title = { en = "Work package", zh = "工作包" },
  roles = { "engineer" },
  fields = {
    what   = text { required = true, title = { en = "What is to be done", zh = "工作内容" } },
    parent = text {}, parts = list { of = text {} }, left = number { default = 0 },
  },
  open = { by = "engineer", takes = { "what" } },
  state "open" { owner = "engineer",
    on "split" { by = "engineer", takes = { "parts" }, needs = { "parts" }, to = "waiting_for_parts" },
    on "finish" { by = "engineer", to = "finished" },
  },
  state "waiting_for_parts" {
    enter = function(c)
      local parts = c.fields.parts
      c:set("left", #parts)
      for i = 1, #parts do c:open("work_package", { what = parts[i], parent = c.key }) end
    end,
    on "part_done" { run = set { left = plus(-1) } },
    always { when = { left = is(0) }, to = "finished" },
  },
  final "finished" { enter = report },
}
