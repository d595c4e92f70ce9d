-- SPDX-License-Identifier: Apache-2.0
-- The good twin: an exclusion around the rule.
return workflow "excludes_around" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "ask" { by = "pm", to = "b" } },
  state "b" {
    approval { rule =
      any_of {
        one_of "pm" { nobody = "reject" }, one_of "sponsor" { nobody = "reject" } },
      approved = "done", rejected = "a" },
    after "9 days" { to = "a" },
  },
  final "done",
}
