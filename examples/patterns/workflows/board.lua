-- SPDX-License-Identifier: Apache-2.0
-- Ballots are instances, too: one for every member of the board.
return workflow "board" {
  key = "BO", title = { en = "Decision of the board", zh = "委员会决议" },
  roles = { "pm", "board" },
  open = { by = "pm" },
  fields = { motion = text { required = true, title = { en = "Motion", zh = "议案" } } },

  state "voting" {
    approval { covers = { "motion" },
      rule = at_least(2) "board" { nobody = "reject", exclude = { "opener" } },
      approved = "passed", rejected = "rejected",
    },
    on "withdraw" { by = "pm", to = "withdrawn" },
    -- Silence of the rest is consent, and says so.
    within { "5 workdays", at "50%" { remind "pending" }, late "0" { decide "approved" { as = "by_silence" } } },
  },
  final "passed", final "rejected", final "withdrawn",
}
