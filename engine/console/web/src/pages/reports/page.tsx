// SPDX-License-Identifier: Apache-2.0
// Reports: which, of what, of when; counted by the server, which says what each figure means. As pictures, tables, and
// files to take away.
import { useState } from "preact/hooks";
import { callApart } from "../../lib/api";
import { keepAs } from "../../lib/files";
import { language } from "../../lib/i18n";
import { useLive } from "../../lib/live";
import { day } from "../../lib/time";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { Report, ReportAsked } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Empty, Failure, Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { useReport } from "./read";
import { Section } from "./section";
import { t } from "./texts";

const SPANS = [4, 13, 26, 52];
const WEEK_MS = 7 * 24 * 3600_000;
const LIVE_MS = 2000; // counting is more than looking: not after each of many entries,
const REST = 10; // and ten times as long as it took

interface Chosen {
  report: string;
  span: string; // "", a number of weeks, or "own"
  from: string;
  to: string;
  workflow: string;
  project: string;
  client: string;
}

/** now: null as long as nobody needs it, or it has not come. */
function askedOf(chosen: Chosen, now: string | null): ReportAsked {
  const weeks = Number(chosen.span);
  const asked: ReportAsked = { report: chosen.report };
  if (weeks > 0 && now !== null) asked.from = new Date(Date.parse(now) - weeks * WEEK_MS).toISOString();
  if (chosen.span === "own" && chosen.from !== "") asked.from = chosen.from;
  if (chosen.span === "own" && chosen.to !== "") asked.to = chosen.to;
  for (const name of ["workflow", "project", "client"] as const) if (chosen[name] !== "") asked[name] = chosen[name];
  return asked;
}

async function take(asked: ReportAsked, format: "csv" | "html"): Promise<void> {
  try {
    const file = await callApart("report.get", { ...asked, format, language: language.value }, new AbortController().signal);
    if ("text" in file && "name" in file) keepAs(new Blob([file.text], { type: file.type }), file.name);
  } catch (error) {
    say(words(error as Error), "bad");
  }
}

function Whole({ data, asked }: { data: Report; asked: ReportAsked }) {
  return (
    <>
      <p class="quiet">{t("counted", { from: day(data.from), to: day(data.last_day), n: data.cases })}</p>
      {data.skipped.length > 0 && <p class="wrong">{t("skipped", { cases: data.skipped.join(", ") })}</p>}
      {data.says.length > 0 && <p>{data.says.join(language.value === "zh" ? "" : " ")}</p>}
      <div class="report-grid">
        {data.sections.map((section) => (
          <Section key={section.name} section={section} />
        ))}
      </div>
      <details class="card report-meanings">
        <summary>{t("meanings")}</summary>
        <dl>
          {data.defined.map((one) => (
            <div key={one.name}>
              <dt>{one.title}</dt>
              <dd>{one.text}</dd>
            </div>
          ))}
        </dl>
      </details>
      <p class="acts">
        <button type="button" class="secondary outline" onClick={() => void take(asked, "html")}>
          {t("export_html")}
        </button>
        <button type="button" class="secondary outline" onClick={() => void take(asked, "csv")}>
          {t("export_csv")}
        </button>
        <button type="button" class="secondary outline"
          onClick={() => keepAs(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }), `${data.report}-${data.last_day}.json`)}>
          {t("export_json")}
        </button>
      </p>
    </>
  );
}

function Choice({ label, value, every, items, onPick }: {
  label: string;
  value: string;
  every?: string;
  items: { key: string; title: string }[];
  onPick: (value: string) => void;
}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onPick(event.currentTarget.value)}>
        {every !== undefined && <option value="">{every}</option>}
        {items.map((one) => (
          <option key={one.key} value={one.key}>
            {one.title}
          </option>
        ))}
      </select>
    </label>
  );
}

function Choices({ chosen, onPick, reports }: { chosen: Chosen; onPick: (some: Partial<Chosen>) => void; reports: { name: string; title: string }[] }) {
  const flows = useCall("workflow.list", {});
  const projects = useCall("project.list", { limit: 500 });
  const clients = useCall("client.list", { limit: 500 });
  return (
    <div class="filters">
      <Choice label={t("report")} value={chosen.report} items={reports.map((one) => ({ key: one.name, title: one.title }))} onPick={(report) => onPick({ report })} />
      <Choice label={t("span")} value={chosen.span} every={t("usual")} onPick={(span) => onPick({ span })}
        items={[...SPANS.map((n) => ({ key: String(n), title: t("weeks", { n }) })), { key: "own", title: t("own") }]} />
      {chosen.span === "own" && (
        <>
          <label>
            {t("from")}
            <input type="date" value={chosen.from} onChange={(event) => onPick({ from: event.currentTarget.value })} />
          </label>
          <label>
            {t("to")}
            <input type="date" value={chosen.to} onChange={(event) => onPick({ to: event.currentTarget.value })} />
          </label>
        </>
      )}
      <Choice label={t("workflow")} value={chosen.workflow} every={t("every")} onPick={(workflow) => onPick({ workflow })}
        items={(flows.data?.items ?? []).map((one) => ({ key: one.name, title: one.title }))} />
      <Choice label={t("project")} value={chosen.project} every={t("every_project")} onPick={(project) => onPick({ project })}
        items={(projects.data?.items ?? []).map((one) => ({ key: one.project, title: titled(one.title, one.project) }))} />
      <Choice label={t("client")} value={chosen.client} every={t("every_client")} onPick={(client) => onPick({ client })}
        items={(clients.data?.items ?? []).map((one) => ({ key: one.client, title: titled(one.title, one.client) }))} />
    </div>
  );
}

export default function Reports() {
  const [chosen, setChosen] = useState<Chosen>({ report: "summary", span: "", from: "", to: "", workflow: "", project: "", client: "" });
  const [again, setAgain] = useState(0);
  const list = useCall("report.list", {});
  const isCountedBack = Number(chosen.span) > 0;
  const clock = useCall("clock.now", isCountedBack ? {} : null);
  const about = list.data?.items.find((one) => one.name === chosen.report)?.about;
  const isWhole = about === undefined || chosen[about] !== "";
  const asked = !isWhole || (isCountedBack && clock.data === null) ? null : askedOf(chosen, clock.data?.now ?? null);
  const report = useReport(asked, again);
  useLive(() => setAgain((n) => n + 1), { pause: () => Math.max(LIVE_MS, REST * report.tookMs) });
  useTitle(t("title"));
  return (
    <div class="page reports">
      <header>
        <h1>{t("title")}</h1>
      </header>
      <Choices chosen={chosen} onPick={(some) => setChosen({ ...chosen, ...some })} reports={list.data?.items ?? []} />
      {!isWhole ? (
        <p>{t(about === "project" ? "choose_project" : "choose_client")}</p>
      ) : report.data === null || asked === null ? (
        report.error || clock.error ? (
          <Failure error={(report.error ?? clock.error) as Error} again={() => (clock.reload(), setAgain(again + 1))} />
        ) : (
          <Skeleton lines={6} />
        )
      ) : report.data.cases === 0 ? (
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
        </Empty>
      ) : (
        <>
          {report.error && <p class="wrong" role="status">{t("stale", { why: words(report.error) })}</p>}
          <Whole data={report.data} asked={asked} />
        </>
      )}
    </div>
  );
}
