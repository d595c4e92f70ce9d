-- SPDX-License-Identifier: Apache-2.0
-- The good twin: 60 % of ten hours are six; with a condition the after may not be taken.
return workflow "rung_share_after_after" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "10 hours", at "40%" { remind "pm" }, at "60%" { remind "pm" } },
    after "300 minutes" { when = { priority = is "low" }, to = "done" },
  },
  final "done",
}
