-- SPDX-License-Identifier: Apache-2.0
-- One person opened it.
-- expect: approval-too-few 10:7
return workflow "approval_two_openers" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      at_least(2) "requester" { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
