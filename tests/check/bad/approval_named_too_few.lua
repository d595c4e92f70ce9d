-- SPDX-License-Identifier: Apache-2.0
-- Two people are named.
-- expect: approval-too-few 10:7
return workflow "approval_named_too_few" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      at_least(3) { person "li", person "wang" } { nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
