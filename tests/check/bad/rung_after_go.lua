-- SPDX-License-Identifier: Apache-2.0
-- The state is left at the due time.
-- expect: rung-never 10:7
return workflow "rung_after_go" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "5 days",
      late "0"     { go "done" },
      late "1 day" { remind "pm" },
    },
  },
  final "done",
}
