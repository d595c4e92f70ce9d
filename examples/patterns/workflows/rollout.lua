-- SPDX-License-Identifier: Apache-2.0
-- A system goes to many sites; every site is a case of its own, a site_visit, which reports back.
local function open_visits(c, e)
  local sites = e.data.sites or c.fields.sites
  for i = 1, #sites do c:open("site_visit", { rollout = c.key, site = sites[i] }) end
  if e.data.sites then c:set("total", c.fields.total + #sites) end
end

-- Fires an event of every visit that is still going on.
local function to_visits(event)
  return function(c)
    for _, visit in ipairs(c.fields.visits) do c:fire(visit, event) end
  end
end

-- "needed" may be less than all: then the rollout goes on and the other visits do, too.
local function enough(c)
  return c.fields.done >= (c.fields.needed or c.fields.total)
end

return workflow "rollout" {
  key = "RO", title = { en = "Rollout", zh = "推广" },
  roles = { "pm", "engineer" },
  open = { by = "pm", takes = { "sites", "needed" } },
  fields = {
    sites  = list { of = text {}, required = true, title = { en = "Sites", zh = "现场" } },
    needed = number { min = 1, title = { en = "Visits that are enough", zh = "达标数量" } },
    total  = number { default = 0 }, done = number { default = 0 }, after_hours = number { default = 0 },
    visits = list { of = text {} },
  },
  on "visit_opened" { run = function(c, e)
    local list = { e.data.visit }
    for i, visit in ipairs(c.fields.visits or {}) do list[i + 1] = visit end
    c:set("visits", list)
  end },
  on "visit_done" { run = set { done = plus(1) } },

  state "visiting" { owner = "pm",
    enter = function(c, e)
      c:set("total", #c.fields.sites)
      open_visits(c, e)
    end,
    on "add_sites" { by = "pm", takes = { "sites" }, run = open_visits },
    on "call_off"  { by = "pm", run = to_visits "called_off", to = "called_off" },
    on "good_enough" { by = "pm", run = to_visits "taken_as_done" },
    always { when = enough, to = "reporting" },
  },
  state "reporting" { owner = "pm", on "reported" { by = "pm", to = "reported" } },
  final "reported",
  final "called_off",
}
