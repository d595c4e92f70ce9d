-- SPDX-License-Identifier: Apache-2.0
-- The good twin: two timers, the shorter one leaves.
return workflow "after_after_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    after "2 workdays" { when = { priority = is "high" }, to = "done" },
    after "3 workdays" { to = "done" },
  },
  final "done",
}
