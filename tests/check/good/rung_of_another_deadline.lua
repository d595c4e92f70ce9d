-- SPDX-License-Identifier: Apache-2.0
-- The good twin: two and a half hours come after two.
return workflow "rung_of_another_deadline" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within "short" { "2 hours", late "0" { remind "pm" } },
    within "long" { "1 hour", at "50%" { remind "pm" }, late "90 minutes" { notify "sponsor" } },
  },
  final "done",
}
