-- SPDX-License-Identifier: Apache-2.0
-- A budget of which nobody can tell what is spent, since that is no money.
-- expect: serves-fields 5:37
return workflow "serves_without_fields" {
  key = "CK", version = 1, serves = "budget", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  fields = { total = money {}, spent = text {} },
  state "a" { on "end" { by = "pm", takes = { "total", "spent" }, to = "done" } },
  final "done",
}
