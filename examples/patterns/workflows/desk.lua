-- SPDX-License-Identifier: Apache-2.0
-- A support desk. Work is offered to all of the desk; who acts first has taken it. It can be
-- handed on, handed back, begun anew, paused, and goes to the lead of the desk when it is late.
return workflow "desk" {
  key = "DE", title = { en = "Support desk", zh = "服务台" },
  roles = { "chief", "support" },
  fields = { what = text { required = true }, notes = text { title = { en = "Notes", zh = "记录" } } },
  open = { by = "chief", takes = { "what" } },

  state "open" { owner = "support",
    within { "2 workdays", pause = { "paused" }, late "0" { reassign "chief" } },    -- escalation
    on "hand_back"   { by = "owner", run = reassign "support" },                      -- deallocation
    on "begin_anew"  { by = "owner", run = { set { notes = empty }, reassign "support" }, to = "queued" },

    state "queued"  { on "begin" { by = "owner", to = "working" } },
    state "working" { edit = { support = { "notes" } },
      on "pause"  { by = "owner", note = "required", to = "paused" },
      on "finish" { by = "owner", to = "finished" },
    },
    state "paused"  { on "resume" { by = "owner", to = "working" } },
  },
  final "finished",
}
