return workflow "bounds" { key = "BO", roles = { "pm" },
  fields = {
    n = number { min = 5, max = 2 }, --> field "n": "min" is above "max"
  },
  state "a" { on "go" { by = "pm", to = "b" } },
  final "b",
}
