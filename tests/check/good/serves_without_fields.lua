-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a budget of which one can tell what is spent.
return workflow "serves_without_fields" {
  key = "CK", version = 1, serves = "budget", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { total = money {}, spent = money {} },
  state "a" { on "end" { by = "pm", takes = { "total", "spent" }, to = "done" } },
  final "done",
}
