-- SPDX-License-Identifier: Apache-2.0
-- The good twin: nobody of the client sees the case.
return workflow "role_client_unseen" {
  key = "CK", client = "own",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "go" { by = "client", to = "done" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
