return workflow "misplaced" {
  key = "CA",
  text { max = 3 }, --> text cannot stand in workflow "misplaced"
  state "one" {
    use "x", --> use "x" cannot stand in state "one"
    "stray", --> state "one" cannot hold "stray"
    on "x" { by = "pm", to = "two", state "y" {} }, --> state "y" cannot stand in on "x"
  },
  final "two" { on "x" { by = "pm", to = "one" } }, --> on "x" cannot stand in final "two"
  history "h" { start = "one" }, --> a history stands inside the state that it remembers
}
