// SPDX-License-Identifier: Apache-2.0
// Titles that the server sends in both languages, in the one that is spoken here.
import { language } from "./i18n";
import type { Title } from "./types_team";

export function titled(title: Title | undefined, name: string): string {
  if (title === null || title === undefined) return name;
  if (typeof title === "string") return title === "" ? name : title;
  return title[language.value] ?? title.en ?? title.zh ?? name;
}
