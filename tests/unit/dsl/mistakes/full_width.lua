-- In comments and texts full-width signs （，；“”） are welcome.
return workflow "full_width" { key = "FU", title = "变更，请求"，--> "，" is a full-width comma
  roles = ｛ "pm" ｝， --> "｛" is a full-width brace | "｝" is a full-width brace | "，" is a full-width comma
  fields ＝ { 金额1 = money {} }, --> "＝" is a full-width equals sign | "金额1" cannot stand here: names are written with a to z, digits and _
  state “one” { on "go" { to = "two" } }； --> "“" and "”" are no quotation marks of the language | "；" is a full-width semicolon
  final "two", --> a no-break space (U+00A0) between the words
}
