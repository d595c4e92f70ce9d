-- SPDX-License-Identifier: Apache-2.0
-- A workflow without an end.
-- expect: no-end 7:3
return workflow "no_end_at_all" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "open" { on "close" { by = "pm", to = "closed" } },
  state "closed" { on "reopen" { by = "pm", to = "open" } },
}
