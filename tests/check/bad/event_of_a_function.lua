-- SPDX-License-Identifier: Apache-2.0
-- A function sends another one.
-- expect: event-nobody 8:15
-- expect: event-lost 9:50
return workflow "event_of_a_function" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "tick" { to = "done" },
    on "x" { by = "pm", run = function(c) c:send("tock", { after = "1 day" }) end }, on "end" { by = "pm", to = "done" } },
  final "done",
}
