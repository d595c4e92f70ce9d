-- SPDX-License-Identifier: Apache-2.0
-- Channels that team.lua does not have.
-- expect: channel-unknown 10:36
-- expect: channel-unknown 11:9
return workflow "channel_unknown" {
  key = "CK", client = "project",
  roles = { "pm" },
  fields = { cost = money {}, kind = choice { "small", "large" }, n = number {}, ok = flag {} },
  state "a" { edit = { pm = "all" },
    on "look" { by = "pm", run = { notify(channel "wecom"), function(c)
      c:notify(channel "mail", "hello")
    end } },
    on "end" { by = "pm", when = { cost = filled, kind = filled, n = filled, ok = true }, to = "done" },
    after "9 days" { to = "done" } },
  final "done",
}
