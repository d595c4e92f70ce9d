-- SPDX-License-Identifier: Apache-2.0
-- What the first rule erases is not there for the others; a field that it leaves is.
-- expect: retention-void 9:5
-- expect: retention-void 11:5
return workflow "retention_void" {
  key = "RV", roles = { "pm" }, fields = { phone = text {}, note = text {} }, start = "open",
  retention {
    { after = "1 year", erase = { "phone" } },
    { after = "2 years", erase = { "phone" } },
    { after = "3 years", erase = "all" },
    { after = "10 years", erase = "internal" },
  },
  state "open" { edit = { pm = "all" }, on "go" { by = "pm", when = { note = filled, phone = filled }, to = "over" } },
  final "over",
}
