-- SPDX-License-Identifier: Apache-2.0
-- The bank tells of payments whenever they come; the client calls when somebody may listen.
return workflow "payment" {
  key = "PY", title = { en = "Payments", zh = "付款" },
  roles = { "pm", "bank" },
  open = { by = "pm" },
  fields = { paid = number { default = 0, title = { en = "Payments not used yet", zh = "未核销付款" } } },

  -- Persistent trigger: counted wherever the case is, used up where it is waited for.
  on "paid" { by = "bank", run = set { paid = plus(1) } },

  state "building"    { owner = "pm", on "built" { by = "pm", to = "first_due" } },
  state "first_due"   { always { when = { paid = above(0) }, run = set { paid = plus(-1) }, to = "installing" } },
  state "installing"  { owner = "pm",
    on "bell" { by = "bank", to = "second_due" }, -- transient trigger: only here
  },
  state "second_due"  { always { when = { paid = above(0) }, run = set { paid = plus(-1) }, to = "settled" } },
  final "settled",
}
