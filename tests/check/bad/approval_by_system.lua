-- SPDX-License-Identifier: Apache-2.0
-- The system has no vote.
-- expect: approval-nobody 10:7
return workflow "approval_by_system" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "system" { nobody = "sponsor" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
