return workflow "unknown_role" {
  key = "CA",
  roles = { "pm", "engineer", boss = "opener" },
  state "one" { owner = "enginer", --> unknown role "enginer" (did you mean "engineer"?)
    on "x" { by = { "pm",
      "bos" }, to = "two" }, --> unknown role "bos" (did you mean "boss"?)
  },
  state "two" {
    approval {
      rule = all_of { one_of "client", --> unknown role "client"
        at_least(2) "pmm" { nobody = "skip" } }, --> unknown role "pmm" (did you mean "pm"?)
      approved = "three", rejected = "three",
    } },
  final "three",
}
