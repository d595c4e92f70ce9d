-- SPDX-License-Identifier: Apache-2.0
-- Every kind of rung, an approval with its rounds, and effects on itself and on other cases. What it
-- does is written down once more in ../../sim_model.c, which must say the same.
--
-- Left to itself it comes to rest ("idle"), so that a simulated life has an end.
return workflow "job" {
  key = "JB",
  roles = { "agent", "voter" },
  fields = {
    mark    = text { max = 64 },               -- the request_id that opened it
    subject = text { max = 64 },               -- what is agreed to
    spins   = number { default = 0 },          -- "spin" fired by people
    settled = number { default = 0 },          -- "settled" fired at it by its own effect
    noted   = number { default = 0 },          -- "noted" fired at it by a note that it opened
    nudged  = number { default = 0 },          -- "nudge" fired by a rung
  },

  start = "working",

  on "spin"    { by = "agent", run = set { spins = plus(1) } },
  on "amend"   { by = "agent", takes = { "subject" } },   -- voids the ballots of an open round
  on "noted"   { run = set { noted = plus(1) } },         -- these three: by the engine alone
  on "settled" { run = function(c) c:set("settled", c.fields.settled + 1) end },
  on "nudge"   { run = set { nudged = plus(1) } },

  state "working" { owner = "agent",
    within "work" { "40 seconds",
      at   "50%"        { remind "opener" },
      late "0"          { remind "opener", fire "nudge" },
      late "40 seconds" { go "idle" },
    },
    on "ask" { by = "agent", to = "deciding" },
  },

  state "deciding" {
    approval {
      covers = { "subject" },
      rule = at_least(2) "voter" { nobody = "reject" },
      approved = "agreed", rejected = "working",
    },
    within "answer" { "60 seconds",
      at   "50%" { remind "pending" },
      late "0"   { decide "approved" { as = "deemed" } },
    },
  },

  state "agreed" {
    enter = function(c)
      c:open("note", { origin = c.key })
      c:fire(c.key, "settled")
    end,
    after "20 seconds" { to = "working" },
  },

  state "idle" {
    within "rest" { "30 seconds",
      late "0"           { start "note" },
      again "30 seconds" { remind "agent", most = 1 },
    },
    on "ask" { by = "agent", to = "deciding" },
  },
}
