-- SPDX-License-Identifier: Apache-2.0
people { wang = "buyer" }

test "cancelling discriminator: the first quote ends the asking" (function(t)
  local c = t:open("quotes", { by = "wang", fields = { urgent = true } })
  c:fire("south_quotes", { by = "wang" })
  c:expect { state = { "choosing" }, allowed = { wang = { "order" } } }
  c:refuse("north_quotes", { by = "wang", why = "not_now" })
end)

test "cancelling partial join: two of three are enough, the third is cancelled" (function(t)
  local c = t:open("quotes", { by = "wang" })
  c:fire("west_quotes", { by = "wang" })
  c:expect { state = { "north.asked", "south.asked", "west.quoted" } }
  c:fire("north_quotes", { by = "wang" })
  c:expect { state = { "choosing" } }
  c:refuse("south_quotes", { by = "wang", why = "not_now" })
  c:fire("order", { by = "wang" })
end)
