-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the round has ended.
return workflow "rung_after_decide" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "client" { nobody = "reject" }, approved = "done", rejected = "a" },
    within { "5 days",
      at "50%" { remind "pending" },
      late "0" { decide "approved" { as = "deemed" } },
    },
  },
  final "done",
}
