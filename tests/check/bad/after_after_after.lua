-- SPDX-License-Identifier: Apache-2.0
-- Two timers, the shorter one leaves.
-- expect: rung-never 9:5
return workflow "after_after_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    after "2 workdays" { to = "done" },
    after "3 workdays" { to = "done" },
  },
  final "done",
}
