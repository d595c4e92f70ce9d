-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the after is always first.
return workflow "rung_after_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "3 days", late "0" { remind "pm" } },
    after "5 days" { to = "done" },
  },
  final "done",
}
