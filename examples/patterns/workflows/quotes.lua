-- SPDX-License-Identifier: Apache-2.0
-- Suppliers are asked side by side. An emergency takes the first quote, all else compares two of
-- three. Leaving the parallel ends every region: who has not quoted yet is waited for no longer.
local function supplier(name)
  return state(name) {
    state(name .. ".asked") { owner = "buyer",
      on(name .. "_quotes") { by = "buyer", run = set { quotes = plus(1) }, to = name .. ".quoted" },
    },
    final(name .. ".quoted"),
  }
end

return workflow "quotes" {
  key = "QU", title = { en = "Quotes", zh = "询价" },
  roles = { "buyer" },
  fields = {
    urgent = flag { default = false, title = { en = "Emergency", zh = "紧急" } },
    quotes = number { default = 0, title = { en = "Quotes received", zh = "已收报价" } },
  },
  open = { by = "buyer", takes = { "urgent" } },
  parallel "asking" {
    supplier "north", supplier "south", supplier "west",
    always { when = { urgent = is(true), quotes = min(1) }, to = "choosing" }, -- 1 of 3
    always { when = { quotes = min(2) }, to = "choosing" },                  -- 2 of 3
  },
  state "choosing" { owner = "buyer", on "order" { by = "buyer", to = "ordered" } },
  final "ordered",
}
