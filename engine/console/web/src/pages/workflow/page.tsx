// SPDX-License-Identifier: Apache-2.0
// The team's workflows; and one of them: its diagram, its fields, the versions in use, what a new one would do.
import { ErrorBoundary, lazy } from "preact-iso";
import { at } from "../../lib/place";
import { isLead } from "../../lib/session";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { WorkflowView } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { Check } from "./check";
import { Rehearsal } from "./rehearsal";
import { t } from "./texts";

const Diagram = lazy(() => import("../../parts/diagram/diagram"));
const COUNTED = 500;

function tally(keys: string[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

export function Workflows() {
  const list = useCall("workflow.list", {}, { live: true });
  useTitle(t("title"));
  if (list.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton lines={5} />;
  return (
    <div class="page workflows">
      <header>
        <h1>{t("title")}</h1>
      </header>
      {list.data.items.length === 0 && (
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
        </Empty>
      )}
      <ul class="tiles">
        {list.data.items.map((flow) => (
          <li key={flow.name}>
            <a href={at("workflow", flow.name)}>
              <b>{flow.title}</b>
              <span class="quiet">
                {flow.key} · {t("version", { n: flow.version })}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <Check again={list.reload} />
    </div>
  );
}

function Fields({ flow }: { flow: WorkflowView }) {
  return (
    <section class="card" aria-labelledby="workflow-fields">
      <h2 id="workflow-fields">{t("fields")}</h2>
      <div class="overflow" tabIndex={0}>
        <table class="plain-table">
          <thead>
            <tr>
              <th scope="col">{t("field")}</th>
              <th scope="col">{t("type")}</th>
              <th scope="col">{t("seen")}</th>
            </tr>
          </thead>
          <tbody>
            {flow.model.fields.map((field) => (
              <tr key={field.name}>
                <th scope="row">
                  {titled(field.title, field.name)} {field.required && <Chip>{t("required")}</Chip>}
                </th>
                <td>
                  <code>{field.type}</code>
                </td>
                <td>{t(field.shared ? "both" : "team_only")}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Versions({ flow, versions }: { flow: WorkflowView; versions: [string, number][] }) {
  return (
    <section class="card" aria-labelledby="workflow-versions">
      <h2 id="workflow-versions">{t("versions")}</h2>
      {versions.length === 0 && <p class="quiet">{t("no_cases")}</p>}
      <ul class="plain">
        {versions.map(([version, n]) => (
          <li key={version}>
            {t("at_version", { n, version })} {Number(version) === flow.version && <Chip tone="good">{t("in_force")}</Chip>}
          </li>
        ))}
      </ul>
    </section>
  );
}

export default function WorkflowPage({ params }: { params: { name: string } }) {
  const flow = useCall("workflow.get", { workflow: params.name }, { live: true });
  const open = useCall("case.list", { workflow: params.name, open: true, limit: COUNTED }, { live: true });
  useTitle(flow.data?.title ?? params.name);
  if (flow.data === null) return flow.error ? <Failure error={flow.error} again={flow.reload} /> : <Skeleton lines={6} />;
  const of = flow.data;
  const versions = tally((open.data?.items ?? []).map((row) => String(row.version)));
  return (
    <div class="page workflow">
      <header>
        <p class="quiet">
          <a href={at("workflows")}>{t("title")}</a> · {of.key} · {t("version", { n: of.version })} · <code title={of.digest}>{t("digest", { digest: of.digest.slice(0, 12) })}</code>
        </p>
        <h1>{of.title}</h1>
        <p>
          <a href={at("board", of.name)}>{t("board")}</a>
        </p>
      </header>
      <div class="cards">
        <div>
          <section class="card" aria-labelledby="workflow-diagram">
            <h2 id="workflow-diagram">{t("diagram")}</h2>
            <ErrorBoundary>
              <Diagram model={of.model} />
            </ErrorBoundary>
          </section>
        </div>
        <div>
          <Versions flow={of} versions={versions} />
          {isLead() && <Rehearsal flow={of} older={versions.some(([version]) => Number(version) !== of.version)} />}
          <Fields flow={of} />
        </div>
      </div>
    </div>
  );
}
