-- SPDX-License-Identifier: Apache-2.0
people { li = "pm", icbc = "bank" }

test "persistent trigger: payments that come early are kept, each is used once" (function(t)
  local c = t:open("payment", { by = "li" })
  c:fire("paid", { by = "icbc" })
  c:fire("paid", { by = "icbc" })
  c:expect { state = "building", fields = { paid = 2 } }
  c:fire("built", { by = "li" })
  c:expect { state = "installing", fields = { paid = 1 } }
  c:fire("bell", { by = "icbc" })
  c:expect { state = "settled", fields = { paid = 0 } }
end)

test "persistent trigger: one payment does not serve twice" (function(t)
  local c = t:open("payment", { by = "li" })
  c:fire("paid", { by = "icbc" })
  c:fire("built", { by = "li" })
  c:fire("bell", { by = "icbc" })
  c:expect { state = "second_due", fields = { paid = 0 } }
  c:fire("paid", { by = "icbc" })
  c:expect { state = "settled" }
end)

test "transient trigger: nobody waits for the bell, so it is lost" (function(t)
  local c = t:open("payment", { by = "li" })
  c:fire("built", { by = "li" })
  c:refuse("bell", { by = "icbc", why = "not_now" })
  c:expect { state = "first_due" }
  c:fire("paid", { by = "icbc" })
  c:expect { state = "installing" }
  c:fire("bell", { by = "icbc" })
  c:expect { state = "second_due" }
end)
