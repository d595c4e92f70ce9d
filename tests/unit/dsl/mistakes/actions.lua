return workflow "actions" {
  key = "CA",
  fields = { name = text, n = number, when_done = time },
  state "one" {
    enter = set { name = plus(1) }, --> plus adds numbers: "name" is a text
    leave = set { n = now }, --> now is a time: "n" is a number
    on "x" { by = "pm", to = "two", run = {
      set { when_done = now, n = open_cases { "issue", "risk" } },
      set { name = open_cases "issue" }, --> open_cases counts: "name" is no whole number
      set { n = last_contact "name" }, --> last_contact is a moment: "n" is no time
      remind "nobody_known", --> "nobody_known" is no name for a role: small letters, digits and -
      fire("y", { cas = "CR-1" }), --> unknown key "cas" in fire (did you mean "case"?)
      "remind", --> expected a change, an effect or a function, got "remind"
    } },
  },
  final "two",
}
