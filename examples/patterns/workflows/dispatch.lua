-- SPDX-License-Identifier: Apache-2.0
-- Ways of saying whose a piece of work is, from the report to the invoice.

-- In turn, by the number of the case: no case knows of another, but keys count.
local function in_turn(c)
  local people = c.people.engineer
  return people[tonumber(c.key:match "%d+") % #people + 1]
end

local function tester(c) return c.fields.tester end

return workflow "dispatch" {
  key = "DI", title = { en = "Dispatch", zh = "派工" },
  roles = { "support", "engineer" },
  fields = { tester = person { title = { en = "Tester", zh = "测试人" } } },
  open = { by = "support", takes = {} },
  state "reported"  { owner = "support", on "accept" { by = "owner", to = "repairing" } },   -- role-based
  state "repairing" { owner = in_turn,                                                      -- round robin
    within { "2 workdays", late "0" { remind "owner" } }, -- start on creation: the clock runs from entry
    on "repaired" { by = "owner", takes = { "tester" }, needs = { "tester" }, to = "testing" },
  },
  state "testing"   { owner = tester, on "tested" { by = tester, to = "billing" } },        -- deferred
  state "billing"   { owner = person "zhao", on "billed" { by = "owner", to = "billed" } }, -- direct
  final "billed",
}
