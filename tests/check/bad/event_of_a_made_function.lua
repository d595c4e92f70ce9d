-- SPDX-License-Identifier: Apache-2.0
-- A function is made with the name of another event.
-- expect: event-nobody 12:15
-- expect: event-lost 6:24
local function later(event)
  return function(c) c:send(event, { after = "1 day" }) end
end

return workflow "event_of_a_made_function" {
  key = "CK", client = "project",
  roles = { "pm", "sponsor", "ccb", "client", requester = "opener" },
  state "a" { on "tick" { to = "done" },
    on "x" { by = "pm", run = later "tock" }, on "end" { by = "pm", to = "done" } },
  final "done",
}
