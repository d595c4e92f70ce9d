return workflow "unknown_field" {
  key = "CA",
  fields = { cost = money {}, days = number {} },
  state "one" {
    on "x" { by = "pm",
      takes = { "days" },
      needs = { "days",
        "coast" }, --> unknown field "coast" (did you mean "cost"?)
      when = { costs = above(3) }, --> unknown field "costs" (did you mean "cost"?)
      to = "two",
      run = set { dais = 3 } }, --> unknown field "dais" (did you mean "days"?)
  },
  final "two",
}
