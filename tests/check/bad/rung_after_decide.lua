-- SPDX-License-Identifier: Apache-2.0
-- The round has ended.
-- expect: rung-never 12:7
return workflow "rung_after_decide" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "client" { nobody = "reject" }, approved = "done", rejected = "a" },
    within { "5 days",
      late "0"      { decide "approved" { as = "deemed" } },
      again "1 day" { remind "pending" },
    },
  },
  final "done",
}
