return workflow "choices" {
  key = "CA",
  fields = {
    class = choice { "small", "large" },
    none = choice {}, --> choice holds no choices
    note = text,
    risk = choice { "low", "high", titles = {
      low = { en = "Low", zh = "低" },
      hihg = "High", --> a title for the choice "hihg", which there is not (did you mean "high"?)
      high = { de = "Hoch" }, --> unknown language "de": expected en or zh
    } },
    size = text { titles = {} }, --> unknown key "titles" in text (did you mean "title"?)
  },
  outcomes = {
    two = "Two",
    approved = "Yes", --> a title for the outcome "approved", which there is not
  },
  state "one" {
    on "x" { by = "pm", to = "two",
      when = { class = is "larg" } }, --> "larg" is none of the field's choices (did you mean "large"?)
    on "y" { by = "pm", to = "two",
      when = { note = above(3) } }, --> above compares numbers, money, dates and times: "note" is a text
    within { per "class" { small = "1 day", huge = "2 days" }, --> "huge" is none of the choices of "class"
      late "0" { remind "pm" } },
  },
  final "two",
}
