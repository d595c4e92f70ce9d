-- SPDX-License-Identifier: Apache-2.0
-- The good twin: a function sends another one.
return workflow "event_of_a_function" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "tick" { to = "done" },
    on "x" { by = "pm", run = function(c) c:send("tick", { after = "1 day" }) end }, on "end" { by = "pm", to = "done" } },
  final "done",
}
