// SPDX-License-Identifier: Apache-2.0
// What the scripts in the folder would do to the open cases, and bringing those to the version in force.
import { useState } from "preact/hooks";
import { call, send } from "../../lib/api";
import { moment } from "../../lib/time";
import type { Rehearsal as Told, WorkflowView } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { Mistakes } from "./check";
import { t } from "./texts";

const kindWords = (kind: string): string =>
  ({
    stuck: t("kind_stuck"),
    at_once: t("kind_at_once"),
    void: t("kind_void"),
    deadline: t("kind_deadline"),
    dropped: t("kind_dropped"),
    owner: t("kind_owner"),
    task: t("kind_task"),
    forgotten: t("kind_forgotten"),
    states: t("kind_states"),
    ends: t("kind_ends"),
  })[kind] ?? kind;

function Said({ told }: { told: Told }) {
  return (
    <>
      <Mistakes mistakes={told.mistakes} />
      {told.workflows.map((one) => (
        <div key={one.workflow} role="status">
          <p>{one.cases === 0 ? t("rehearse_none", { version: one.version }) : t("rehearse_says", { cases: one.cases, unchanged: one.unchanged, changed: one.changed, stuck: one.stuck })}</p>
          {one.ballots.kept + one.ballots.void > 0 && <p>{t("ballots", one.ballots)}</p>}
          <ul>
            {one.groups.map((group, i) => (
              <li key={i}>{t("group", { what: [kindWords(group.kind), group.title ?? group.about, group.reason ?? group.what].filter(Boolean).join(" · "), n: group.count })}</li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

export function Rehearsal({ flow, older }: { flow: WorkflowView; older: boolean }) {
  const [told, setTold] = useState<Told | null>(null);
  const [reason, setReason] = useState("");
  const list = useCall("workflow.migrations", {}, { live: (entry) => entry.case === null || entry.kind === "migrate" });
  const its = (list.data?.items ?? []).filter((one) => one.workflow === flow.name);
  const rehearse = async () => {
    try {
      setTold(await call("workflow.rehearse", { workflow: flow.name }));
    } catch (error) {
      say(words(error as Error), "bad");
    }
  };
  const migrate = async (event: Event) => {
    event.preventDefault();
    try {
      const done = await send("workflow.migrate", { workflow: flow.name, ...(reason.trim() === "" ? {} : { reason: reason.trim() }) });
      say(t("migrating", { n: done.cases }));
      setReason("");
    } catch (error) {
      say(words(error as Error), "bad");
    }
  };
  return (
    <section class="card" aria-labelledby="workflow-rehearse">
      <h2 id="workflow-rehearse">{t("rehearse")}</h2>
      <button type="button" class="secondary outline" onClick={() => void rehearse()}>
        {t("rehearse_do")}
      </button>
      {told && <Said told={told} />}
      {older && (
        <form class="migrate" onSubmit={(event) => void migrate(event)}>
          <label>
            {t("reason")}
            <input value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          </label>
          <button type="submit">{t("migrate", { n: flow.version })}</button>
        </form>
      )}
      {its.length > 0 && (
        <>
          <h3>{t("migrations")}</h3>
          <ul class="plain">
            {its.map((one) => (
              <li key={one.sweep}>{t("migration", { version: one.version ?? "", by: one.by ?? "", time: one.started === null ? "" : moment(one.started), moved: one.moved, left: one.n_left })}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
