// SPDX-License-Identifier: Apache-2.0
// What stands between the project and its end, item by item, as the closeout's rules have it.
import { at } from "../../lib/place";
import type { Ending } from "../../lib/types_project";
import { t } from "./texts";

export function Closeout({ ending }: { ending: Ending }) {
  return (
    <section class="card" aria-labelledby="project-closeout">
      <h2 id="project-closeout">{t("closeout")}</h2>
      <ul class="plain checks">
        {ending.items.map((item) => (
          <li key={item.kind + item.name}>
            <span class={item.done ? "tick done" : "tick"} role="img" aria-label={t(item.done ? "done" : "not_done")} />
            <span>
              {item.kind === "begin" && ending.case !== null ? (
                <a href={at("case", ending.case)}>{ending.outcome_title ?? item.text}</a>
              ) : (
                item.text
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
