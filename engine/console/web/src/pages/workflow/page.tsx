// SPDX-License-Identifier: Apache-2.0
// The team's workflows; and one of them: its diagram, its fields, the versions in use, what a new one would do.
import { ErrorBoundary, lazy } from "preact-iso";
import { movesCounts } from "../../lib/live";
import { at } from "../../lib/place";
import { isLead } from "../../lib/session";
import { moment } from "../../lib/time";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { WorkflowView } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { CaseLines } from "../../parts/cases";
import { Chip } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { Check } from "./check";
import { Rehearsal } from "./rehearsal";
import { t } from "./texts";

const Diagram = lazy(() => import("../../parts/diagram/diagram"));
const SHOWN = 20;

export function Workflows() {
  const list = useCall("workflow.list", {}, { live: (entry) => entry.case === null });
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

const KINDS = {
  text: "is_text", number: "is_number", money: "is_money", date: "is_date", time: "is_time", choice: "is_choice", flag: "is_flag",
  person: "is_person", file: "is_file", list: "is_list", record: "is_record",
} as const;
const kindOf = (type: string): string => (type in KINDS ? t(KINDS[type as keyof typeof KINDS]) : type);

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
                  {kindOf(field.type)}
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

/** How many open cases each version has. */
type Open = Map<number, number>;

function Versions({ current, shown, open }: { current: WorkflowView; shown: number; open: Open | null }) {
  const since = new Map((current.versions ?? []).map((one) => [one.version, one.since]));
  const all = [...new Set([current.version, ...since.keys(), ...(open?.keys() ?? [])])].sort((one, other) => other - one);
  return (
    <section class="card" aria-labelledby="workflow-versions">
      <h2 id="workflow-versions">{t("versions")}</h2>
      <ul class="plain versions">
        {all.map((version) => (
          <li key={version}>
            <a href={version === current.version ? at("workflow", current.name) : at("workflow", current.name, String(version))} aria-current={version === shown ? "true" : undefined}>
              {t("version", { n: version })}
            </a>{" "}
            {version === current.version && <Chip tone="good">{t("in_force")}</Chip>}
            <span class="quiet">
              {[open && t("open_cases", { n: open.get(version) ?? 0 }), since.has(version) && t("first_used", { time: moment(since.get(version)!) })]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Cases({ name, version }: { name: string; version: number }) {
  const list = useCall("case.list", { workflow: name, version, names: true, limit: SHOWN, sort: "opened", descending: true }, { live: true });
  const all = useCall("case.count", { workflow: name, version }, { live: movesCounts, behind: true });
  const now = useCall("clock.now", {});
  if (list.data === null || now.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton />;
  return (
    <section class="card" aria-labelledby="workflow-cases">
      <h2 id="workflow-cases">{t("cases_of", { n: version })}</h2>
      {list.data.items.length === 0 ? (
        <p class="quiet">{t("no_cases")}</p>
      ) : (
        <CaseLines rows={list.data.items} now={Date.parse(now.data.now)} />
      )}
      {all.data !== null && all.data.count > list.data.items.length && (
        <p>
          <a href={`${at("search")}?workflow=${encodeURIComponent(name)}`}>{t("more_cases", { n: all.data.count - list.data.items.length })}</a>
        </p>
      )}
    </section>
  );
}

export default function WorkflowPage({ params }: { params: { name: string; version?: string } }) {
  const current = useCall("workflow.get", { workflow: params.name, versions: true }, { live: (entry) => entry.case === null || entry.kind === "migrate" });
  const open = useCall("case.count", { workflow: params.name, open: true, by: "version" }, { live: movesCounts, behind: true });
  const wanted = params.version === undefined ? undefined : Number(params.version);
  const isOld = wanted !== undefined && wanted !== current.data?.version;
  const older = useCall("workflow.get", isOld && current.data !== null ? { workflow: params.name, version: wanted } : null);
  useTitle(current.data?.title ?? params.name);
  const flow = isOld ? older : current;
  const error = current.error ?? flow.error;
  if (current.data === null || flow.data === null) return error ? <Failure error={error} again={flow.reload} /> : <Skeleton lines={6} />;
  const of = flow.data;
  const counts: Open | null = open.data && new Map(open.data.items?.map((one) => [one.version ?? 0, one.count]));
  return (
    <div class="page workflow">
      <header>
        <p class="quiet">
          <a href={at("workflows")}>{t("title")}</a> · {of.key} · {t("version", { n: of.version })} · <code title={of.digest}>{t("digest", { digest: of.digest.slice(0, 12) })}</code>
        </p>
        <h1>{of.title}</h1>
        {isOld ? (
          <p class="notice" role="status">
            {t("old", { n: of.version, now: current.data.version })} <a href={at("workflow", of.name)}>{t("to_current")}</a>
          </p>
        ) : (
          <p>
            <a href={at("board", of.name)}>{t("board")}</a>
          </p>
        )}
      </header>
      <div class="cards">
        <div>
          <section class="card" aria-labelledby="workflow-diagram">
            <h2 id="workflow-diagram">{t("diagram")}</h2>
            <ErrorBoundary>
              <Diagram key={of.digest} model={of.model} />
            </ErrorBoundary>
          </section>
          <Cases name={of.name} version={of.version} />
        </div>
        <div>
          <Versions current={current.data} shown={of.version} open={counts} />
          {isLead() && !isOld && <Rehearsal flow={of} older={[...(counts?.keys() ?? [])].some((version) => version !== of.version)} />}
          <Fields flow={of} />
        </div>
      </div>
    </div>
  );
}
