-- SPDX-License-Identifier: Apache-2.0
-- Each rule finds what the others have left.
return workflow "retention_void" {
  key = "RV", roles = { "pm" }, fields = { phone = text {}, note = text {} }, start = "open",
  retention {
    { after = "1 year", erase = { "phone" } },
    { after = "2 years", erase = { "note" } },
    { after = "3 years", erase = "internal" },
    { after = "10 years", erase = "all" },
  },
  state "open" { edit = { pm = "all" }, on "go" { by = "pm", when = { note = filled, phone = filled }, to = "over" } },
  final "over",
}
