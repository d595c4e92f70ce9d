-- SPDX-License-Identifier: Apache-2.0
-- The good twin: the same role on both sides.
return workflow "excludes_itself" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of { "ccb", "sponsor" } { exclude = { "ccb" }, nobody = "reject" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
