return workflow "unknown_key" {
  key = "CA",
  clinet = "own", --> unknown key "clinet" in workflow "unknown_key" (did you mean "client"?)
  state "one" { onwer = "pm", --> unknown key "onwer" in state "one" (did you mean "owner"?)
    on "x" { by = "pm",
      need = { "y" }, --> unknown key "need" in on "x" (did you mean "needs"?)
      to = "two" } },
  final "two" { outcom = "good" }, --> unknown key "outcom" in final "two" (did you mean "outcome"?)
}
