-- SPDX-License-Identifier: Apache-2.0
-- Nobody is ever asked.
-- expect: left-at-once 10:5
return workflow "left_at_once_approval" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "pm", to = "b" } },
  state "b" {
    approval { rule = one_of "pm" { nobody = "reject" }, approved = "done", rejected = "a" },
    always { to = "a" },
    after "3 days" { to = "a" },
  },
  final "done",
}
