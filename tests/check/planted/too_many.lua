-- SPDX-License-Identifier: Apache-2.0
-- expect: unreachable-state 6:3
-- expect: stuck-state 6:3
return workflow "too_many" { key = "PL",
  state "a" { on "go" { by = "pm", to = "done" } },
  state "b" { on "go" { by = "pm", to = "done" } },
  final "done",
}
