-- SPDX-License-Identifier: Apache-2.0
-- The after is always first.
-- expect: rung-never 8:25
return workflow "rung_after_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "10 days", late "0" { remind "pm" } },
    after "5 days" { to = "done" },
  },
  final "done",
}
