-- SPDX-License-Identifier: Apache-2.0
-- Rungs at different moments; at the same one nobody is told less.
return workflow "rung_muted" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "end" { by = "pm", to = "done" },
    within { "5 days",
      at   "50%"    { remind "pm" },
      late "0"      { notify "sponsor" },
      late "3 days" { notify "ccb" },
      late "4 days" { remind "pm" },
      late "12 days" { notify "sponsor" },
      again "2 days" { remind "pm", most = 5 },
    },
  },
  final "done",
}
