return workflow "no_states" { --> workflow "no_states" holds no states
  key = "CA",
  fields = { a = text },
}
