-- The smallest case with everything a transition does: rights, a guard with three tests, a changed
-- field, a deadline that is armed anew. All of it is data: no function is called.
local guard = { amount = min(0), memo = filled, class = is "usual" }

return workflow "flip" {
  key = "BN",
  roles = { "agent" },
  fields = {
    amount = number {},
    memo   = text { max = 200 },
    class  = choice { "usual", "odd", default = "usual" },
    flips  = number { default = 0 },
  },
  start = "left",
  state "left" {
    within { "30 days", late "0" { priority "up" } },
    on "flip" { by = "agent", takes = { "amount", "memo" }, when = guard, to = "right",
      run = set { flips = plus(1) } },
  },
  state "right" {
    within { "30 days", late "0" { priority "up" } },
    on "flip" { by = "agent", takes = { "amount", "memo" }, when = guard, to = "left",
      run = set { flips = plus(1) } },
  },
}
