-- Values that a field does not take, each at its place: set, defaults, what is compared with.
return workflow "values" { key = "VA", roles = { "pm" },
  fields = {
    n = number { min = 0, max = 10, default = 11 }, --> field "n": must be at most 10
    m = money { default = "x" }, --> field "m": must be a decimal, written as text: "12.50", at most 18 digits
    d = date {}, t = text { max = 5 }, c = choice { "low", "high", default = "hig" }, --~ "hig" is no choice
    w = time {}, l = list { of = number {} }, f = flag { default = "yes" }, --> field "f": must be true or false
    r = record { fields = { city = text {} } }, p = person {},
  },
  state "a" { on "go" { by = "pm", to = "b",
    run = set { n = 11, --> field "n": must be at most 10
      m = 12,
      d = "2026-02-30", --> field "d": must be a date that exists: "2026-01-05"
      t = "abcdef", --> field "t": holds at most 5 characters, has 6
      c = "hig", --~ "hig" is no choice
      w = 5, l = { 1, "x" }, --> field "w": must be a time: "2026-01-05T09:00:00+08:00" | field "l": value 2: must be a whole number, such as 3
      f = 1, r = { cty = "x" }, --> field "f": must be true or false | field "r": has no member "cty"
      p = "Li", --> field "p": must be a person's key, such as "li"
    } } },
  state "b" { enter = { set { n = plus("x") }, set { m = plus("y") } }, --> field "n": must be a whole number, such as 3 | field "m": must be a decimal, written as text: "12.50", at most 18 digits
    leave = { set { n = 1.5 }, set { n = 2.5 } }, --> field "n": must be a whole number, such as 3 | field "n": must be a whole number, such as 3
    on "back" { by = "pm", to = "a", when = { d = above("x"), l = is(1), f = is "no" } }, --> field "d": must be a date that exists: "2026-01-05" | of a list only filled can be asked | field "f": must be true or false
    on "end" { by = "pm", to = "c" },
  },
  final "c",
}
