-- SPDX-License-Identifier: Apache-2.0
-- A text is written, reviewed and shown to the client. Loops are transitions that lead back: into
-- the middle, from several places, or a counted number of times.
return workflow "drafting" {
  key = "DR", title = { en = "Drafting", zh = "文稿" },
  client = "project",
  roles = { "writer", "editor", "client" },
  open = { by = "writer", takes = {} },
  fields = { rounds = number { default = 0, title = { en = "Rounds of polishing", zh = "润色轮次" } } },

  state "writing"   { owner = "writer", on "written" { by = "writer", to = "polishing" } },
  -- Structured loop: once for each of three passes, the condition is looked at after each.
  state "polishing" { owner = "writer", enter = set { rounds = plus(1) },
    on "polished" { by = "writer", when = { rounds = below(3) }, to = "polishing" },
    on "polished" { by = "writer", run = set { rounds = 0 }, to = "reviewing" },
  },
  -- Arbitrary cycles: two ways back into one loop and a third out of its middle.
  state "reviewing" { owner = "editor",
    on "shorten" { by = "editor", to = "polishing" },
    on "rewrite" { by = "editor", to = "writing" },
    on "show"    { by = "editor", to = "shown" },
  },
  -- Deferred choice: what comes first, the client's word or the end of the time, takes the other away.
  state "shown" { waiting_for = "client",
    on "praise"     { by = "client", to = "printed" },
    on "complain"   { by = "client", note = "required", to = "reviewing" },
    after "5 workdays" { to = "printed" },
  },
  final "printed",
}
