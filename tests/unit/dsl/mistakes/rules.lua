return workflow "rules" {
  key = "CA",
  state "one" {
    approval {
      covers = { "a" }, --> unknown field "a"
      rule = in_order {
        all_of {}, --> all_of holds no rule
        percent(120) "pm" {}, --> percent: expected a whole number from 1 to 100, got 120
        weighted(3) { pm = "two" }, --> expected a whole number from 1, got "two"
        at_least(0) "pm" {}, --> at_least: expected a whole number from 1, got 0
        one_of "pm" { nobdy = "skip" }, --> unknown key "nobdy" in one_of (did you mean "nobody"?)
        one_of "pm" { nobody = 3 }, --> expected "skip", "reject" or a role, got 3
      },
      may_defer = "pm", --> may_defer without "deferred": nobody can defer
      approved = "two", rejected = "two",
    },
    approval { rule = one_of "pm", approved = "two", rejected = "two" }, --> a second approval in state "one"
  },
  final "two",
}
