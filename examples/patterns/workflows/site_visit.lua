-- SPDX-License-Identifier: Apache-2.0
-- One instance of what a rollout has many of. It tells the rollout when it begins and ends.
local function tell(event)
  return function(c) c:fire(c.fields.rollout, event, { visit = c.key }) end
end

return workflow "site_visit" {
  key = "SV", title = { en = "Site visit", zh = "现场服务" },
  roles = { "engineer" },
  open = { by = "system" },
  fields = { rollout = text { required = true }, site = text { title = { en = "Site", zh = "现场" } } },
  state "planned" { owner = "engineer", enter = tell "visit_opened",
    on "installed"  { by = "engineer", to = "installed" },
    on "called_off" { to = "called_off" }, -- by the rollout alone
    on "taken_as_done" { to = "installed" },
  },
  final "installed" { enter = tell "visit_done" },
  final "called_off",
}
