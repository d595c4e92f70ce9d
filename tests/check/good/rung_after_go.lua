-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the state is left at the due time.
return workflow "rung_after_go" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "5 days",
      late "0"     { remind "pm" },
      late "1 day" { go "done" },
    },
  },
  final "done",
}
