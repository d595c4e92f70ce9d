// SPDX-License-Identifier: Apache-2.0
// What stands between the project and its end, item by item, as the closeout's rules have it.
import { at } from "../../lib/place";
import type { Ending, Work } from "../../lib/types_project";
import { t } from "./texts";

/** How many are open is a number of the page, written as its other numbers are. */
function words(item: Ending["items"][number], work: Work[]): string {
  const open = item.kind === "open" && !item.done ? work.find((one) => one.workflow === item.name) : undefined;
  return open ? t("open_of", { n: open.open, workflow: open.title }) : item.text;
}

export function Closeout({ ending, work }: { ending: Ending; work: Work[] }) {
  return (
    <section class="card" aria-labelledby="project-closeout">
      <h2 id="project-closeout">{t("closeout")}</h2>
      <ul class="plain checks">
        {ending.items.map((item) => (
          <li key={item.kind + item.name}>
            <span
              class={item.done === null ? "tick later" : item.done ? "tick done" : "tick"}
              role="img"
              aria-label={t(item.done === null ? "by_rule" : item.done ? "done" : "not_done")}
            />
            <span>
              {item.kind === "begin" && ending.case !== null ? (
                <a href={at("case", ending.case)}>{ending.outcome_title ?? item.text}</a>
              ) : (
                words(item, work)
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
