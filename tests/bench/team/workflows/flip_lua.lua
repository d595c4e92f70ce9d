-- As flip, with the guard and the change said by functions.
local function guard(c, e)
  return e.data.amount >= 0 and e.data.memo ~= nil and c.fields.class == "usual"
end

local function count(c)
  c:set("flips", c.fields.flips + 1)
end

return workflow "flip_lua" {
  key = "BL",
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
      run = count },
  },
  state "right" {
    within { "30 days", late "0" { priority "up" } },
    on "flip" { by = "agent", takes = { "amount", "memo" }, when = guard, to = "left",
      run = count },
  },
}
