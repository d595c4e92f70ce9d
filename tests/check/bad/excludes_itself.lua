-- SPDX-License-Identifier: Apache-2.0
-- The same role on both sides.
-- expect: excludes-everybody 10:7
return workflow "excludes_itself" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      one_of "ccb" { exclude = { "ccb" }, nobody = "sponsor" },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
