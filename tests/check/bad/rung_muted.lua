-- SPDX-License-Identifier: Apache-2.0
-- The second of the repeats comes with the rung of two days, whose sponsor hears nothing.
-- expect: rung-muted 10:7
return workflow "rung_muted" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "5 days",
      late "0"      { remind "pm" },
      late "2 days" { notify "sponsor" },
      again "1 day" { remind "pm", most = 5 },
    },
  },
  final "done",
}
