// SPDX-License-Identifier: Apache-2.0
// What came from another tool, in words: whose it was there and when, so that nobody takes it for ours.
import { texts } from "../lib/i18n";
import { clock, day } from "../lib/time";
import type { Imported } from "../lib/types";

const t = texts({
  from: ["imported from {source}", "从 {source} 导入"],
  there: ["; there {time}, by {person}", "；原时间 {time}，原作者 {person}"],
  there_at: ["; there {time}", "；原时间 {time}"],
  there_by: ["; there by {person}", "；原作者 {person}"],
  due: ["; due there {time}", "；原截止时间 {time}"],
  changed: ["; {field}: {before} → {value}", "；{field}：{before} → {value}"],
});

export function importedWords(imported: Imported): string {
  const { source, key, at, by, due, field } = imported;
  const time = at === undefined ? "" : `${day(at)} ${clock(at)}`; // with its year: it may be long ago
  const there =
    at !== undefined && by !== undefined ? t("there", { time, person: by })
    : at !== undefined ? t("there_at", { time })
    : by !== undefined ? t("there_by", { person: by })
    : "";
  const changed = field === undefined ? "" : t("changed", { field, before: imported.from ?? "", value: imported.to ?? "" });
  const by_when = due === undefined ? "" : t("due", { time: due.length > 10 ? `${day(due)} ${clock(due)}` : due });
  return t("from", { source: key === undefined ? source : `${source} ${key}` }) + there + by_when + changed;
}
