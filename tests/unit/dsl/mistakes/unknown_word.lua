return workflow "unknown_word" {
  key = "CA",
  sttate "one" { on "x" { by = "pm", to = "two" } }, --> unknown word "sttate" (did you mean "state"?)
  final "two",
  fields = { name = txt { max = 3 } }, --> unknown word "txt" (did you mean "text"?)
}
