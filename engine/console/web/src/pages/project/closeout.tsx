// SPDX-License-Identifier: Apache-2.0
// What stands between the project and its end: what is open, and what the closeout itself still asks for.
import { at } from "../../lib/place";
import type { CaseRow, CountRow, WorkflowView } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { t } from "./texts";

const CLOSEOUT = "closeout";
type Flow = Pick<WorkflowView, "name" | "title" | "client">;

function Check({ done, children }: { done: boolean; children: preact.ComponentChildren }) {
  return (
    <li>
      <span class={done ? "tick done" : "tick"} aria-hidden="true" />
      <span>{children}</span>
    </li>
  );
}

function Tasks({ row }: { row: CaseRow }) {
  const of = useCall("case.get", { case: row.case }, { live: row.case });
  return (
    <>
      {(of.data?.tasks ?? []).map((task) => (
        <Check key={task.state + task.task} done={task.done === true}>
          {t("task_of", { task: task.title })}
        </Check>
      ))}
    </>
  );
}

export function Closeout({ project, open, flows }: { project: string; open: CountRow[]; flows: Flow[] }) {
  const has = flows.some((flow) => flow.name === CLOSEOUT);
  const list = useCall("case.list", has ? { project, workflow: CLOSEOUT, descending: true, limit: 1 } : null, { live: true });
  if (!has || list.data === null) return null;
  const its = list.data.items[0];
  const others = flows.filter((flow) => flow.name !== CLOSEOUT && flow.client !== "none");
  return (
    <section class="card" aria-labelledby="project-closeout">
      <h2 id="project-closeout">{t("closeout")}</h2>
      <ul class="plain checks">
        {others.map((flow) => {
          const n = open.find((row) => row.workflow === flow.name)?.count ?? 0;
          const words = { n, workflow: flow.title };
          return (
            <Check key={flow.name} done={n === 0}>
              {t(n === 0 ? "ready" : "not_ready", words)}
            </Check>
          );
        })}
        <Check done={its !== undefined}>
          {its === undefined ? (
            t("not_started")
          ) : (
            <a href={at("case", its.case)}>{t(its.outcome === null ? "started" : "is_closed", { case: its.case })}</a>
          )}
        </Check>
        {its !== undefined && its.outcome === null && <Tasks row={its} />}
      </ul>
    </section>
  );
}
