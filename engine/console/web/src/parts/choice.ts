// SPDX-License-Identifier: Apache-2.0
// The answers of an approval. A workflow may have words of its own for them; the engine's own are single words that do
// not say enough on a button.
import { texts } from "../lib/i18n";

const t = texts({
  approve: ["Approve", "同意"],
  reject: ["Reject", "否决"],
  abstain: ["Abstain", "弃权"],
  defer: ["Put off", "暂缓"],
  changes: ["Ask for changes", "要求修改"],
});

const OWN = { approve: () => t("approve"), reject: () => t("reject"), abstain: () => t("abstain"), defer: () => t("defer"), changes: () => t("changes") };

/** titles: the choices of a round, as case.get gives them. */
export function choiceTitle(choice: string, titles: Record<string, string>): string {
  const title = titles[choice];
  if (title !== undefined && title !== choice) return title;
  return choice in OWN ? OWN[choice as keyof typeof OWN]() : choice;
}
