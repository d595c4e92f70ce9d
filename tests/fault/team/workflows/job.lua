-- SPDX-License-Identifier: Apache-2.0
-- A case that never ends and that something is always due in: every kind of rung, an approval with
-- its rounds, and effects on itself and on other cases. Its counters say how often things happened;
-- the histories must say the same.
--
-- Where an effect arrives a function is called, so that it is carried out in a later commit than the
-- one that asked for it, and a kill may come between.
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
    within "work" { "4 seconds",
      at   "50%"       { remind "opener" },
      late "0"         { remind "opener", fire "nudge" },
      late "2 seconds" { go "idle" },
    },
    on "ask" { by = "agent", to = "deciding" },
  },

  state "deciding" {
    approval {
      covers = { "subject" },
      rule = at_least(2) "voter" { nobody = "reject" },
      approved = "agreed", rejected = "working",
    },
    within "answer" { "5 seconds",
      at   "50%" { remind "pending" },
      late "0"   { decide "approved" { as = "deemed" } },
    },
  },

  -- Two effects with each visit: a note that reports back later, and an event for itself.
  state "agreed" {
    enter = function(c)
      c:open("note", { origin = c.key })
      c:fire(c.key, "settled")
    end,
    after "2 seconds" { to = "working" },
  },

  state "idle" {
    within "rest" { "1 second",
      late "0"         { start "note" },
      again "1 second" { remind "agent", most = 3 },
    },
    on "ask" { by = "agent", to = "deciding" },
    after "6 seconds" { to = "working" },
  },
}
