return workflow "missing_keys" { --> workflow "missing_keys" lacks the key "key"
  state "one" {
    approval { approved = "two" }, --> approval lacks the key "rejected" | approval lacks the key "rule"
    tasks {
      task "a" {}, --> task "a" lacks the key "by"
    },
  },
  final "two",
  state "parent" {
    state "child",
    history "h", --> history "h" lacks the key "start"
  },
}
