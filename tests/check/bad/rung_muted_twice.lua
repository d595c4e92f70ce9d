-- SPDX-License-Identifier: Apache-2.0
-- Two rungs at the due time: the pm hears nothing.
-- expect: rung-muted 9:7
return workflow "rung_muted_twice" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "5 days",
      late "0" { remind "pm" },
      late "0" { notify "sponsor" },
    },
  },
  final "done",
}
