return workflow "rungs" {
  key = "CA",
  state "one" {
    within { "2 days",
      at "120%" { remind "pm" }, --> at "120%": expected a share from "1%" to "99%"
      late "0" { decide "approved" }, --> decide needs an approval in the same state
      late "1 day" { state "x" {} }, --> state "x" cannot stand in late
      again "1 day" { remind "pm", mosst = 3 }, --> unknown key "mosst" in again (did you mean "most"?)
      late "2 days" { priority "higher" }, --> expected one of "low", "normal", "high", "urgent", "up", "down", got "higher" (did you mean "high"?)
      late "5 days" { emit "x" }, --> emit "x" cannot stand in late
      remind "pm", --> within cannot hold remind
    },
  },
  state "two" {
    approval { rule = one_of "pm" { nobody = "skip" }, approved = "three", rejected = "three" },
    within { "1 day",
      late "0" { go "three" }, --> go is for states without an approval: write decide "..." here
      late "1 day" { decide "deferred" }, --> decide "deferred": the approval has no "deferred"
      late "2 days" { decide "agreed" }, --> unknown outcome "agreed"
    },
  },
  final "three",
}
