// SPDX-License-Identifier: Apache-2.0
// Reports: throughput, cycle time, waiting for whom, deadlines, outcomes, satisfaction; as pictures, tables, and files.
import { useRef, useState } from "preact/hooks";
import { keepAs } from "../../lib/files";
import { locale, language } from "../../lib/i18n";
import { useLive } from "../../lib/live";
import { isLead } from "../../lib/session";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { CaseRow } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { Bars, Chart } from "./chart";
import { csat, csv, daysOf, nps, percentile, tally, weeksOf } from "./count";
import { Kept } from "./kept";
import { type Asked, MOST, type Rating, type Read, useReport } from "./read";
import { t } from "./texts";

const SPANS = [4, 13, 26, 52];
const STATES_SHOWN = 12;
const LIVE_MS = 2000; // counting is more than looking: not after each of many entries

function exportCases(data: Read): void {
  const rows = [...new Map([...data.opened, ...data.ended, ...data.open].map((row) => [row.case, row])).values()];
  const head = ["case", "title", "workflow", "project", "client", "states", "outcome", "owner", "priority", "opened_at", "closed_at", "due_at"];
  const line = (row: CaseRow) => [row.case, row.title, row.workflow, row.project, row.client, row.states.join(" "), row.outcome, row.owner, row.priority,
    row.opened_at, row.closed_at, row.due_at];
  keepAs(new Blob([csv([head, ...rows.map(line)])], { type: "text/csv" }), "signoff-cases.csv");
}

function numbersOf(data: Read, asked: Asked) {
  const days = data.ended.map(daysOf);
  const late = data.open.filter((row) => row.due_at !== null && Date.parse(row.due_at) < Date.parse(data.now)).length;
  return {
    weeks: weeksOf(data.opened, data.ended, data.from, asked.weeks),
    opened: data.opened.length,
    ended: data.ended.length,
    open: data.open.length,
    late,
    in_time: data.open.filter((row) => row.due_at !== null).length - late,
    median_days: percentile(days, 0.5),
    most_days: percentile(days, 0.85),
    states: tally(data.open.flatMap((row) => row.states.map((state) => row.state_titles[state] ?? state))),
    outcomes: tally(data.ended.map((row) => row.outcome_title ?? row.outcome ?? "")),
    waiting: data.waiting,
  };
}

function Ratings({ ratings }: { ratings: Rating[] }) {
  if (ratings.length === 0) return null;
  return (
    <section class="card" aria-labelledby="report-satisfaction">
      <h2 id="report-satisfaction">{t("satisfaction")}</h2>
      {ratings.map((one) => (
        <div key={one.name} class="rating">
          <h3>{one.title}</h3>
          {one.answers.length === 0 ? (
            <p class="quiet">{t("no_answers")}</p>
          ) : (
            <>
              <p>
                <b class="big">{one.kind === "nps" ? nps(one.answers) : `${csat(one.answers)}%`}</b> <span class="quiet">{t("answers", { n: one.answers.length })}</span>
              </p>
              <p class="quiet">{t(one.kind)}</p>
            </>
          )}
        </div>
      ))}
    </section>
  );
}

function Numbers({ numbers }: { numbers: ReturnType<typeof numbersOf> }) {
  const days = (n: number | null) => (n === null ? t("no_value") : t("days", { n: Math.round(n * 10) / 10 }));
  const all: [string, string | number][] = [
    [t("opened"), numbers.opened],
    [t("ended"), numbers.ended],
    [t("open_now"), numbers.open],
    [t("overdue"), numbers.late],
    [t("median"), days(numbers.median_days)],
    [t("most"), days(numbers.most_days)],
  ];
  return (
    <section class="card">
      <dl class="numbers">
        {all.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === "number" ? value.toLocaleString(locale()) : value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Pictures({ data, asked }: { data: Read; asked: Asked }) {
  void language.value;
  const numbers = numbersOf(data, asked);
  const weeks = numbers.weeks.map((week) => week.start);
  const cases: [string, string] = [t("state"), t("cases")];
  return (
    <>
      {data.cut && <p class="wrong">{t("cut", { n: MOST })}</p>}
      <Numbers numbers={numbers} />
      <div class="report-grid">
        <section class="card" aria-labelledby="report-throughput">
          <h2 id="report-throughput">{t("throughput")}</h2>
          <Chart title={t("throughput")} weeks={weeks}
            series={[
              { label: t("opened"), colour: "--ink-2", values: numbers.weeks.map((week) => week.opened) },
              { label: t("ended"), colour: "--accent", values: numbers.weeks.map((week) => week.ended) },
            ]} />
        </section>
        <section class="card" aria-labelledby="report-cycle">
          <h2 id="report-cycle">{t("cycle")}</h2>
          <Chart title={t("cycle")} weeks={weeks} series={[{ label: t("cycle_unit"), colour: "--accent", values: numbers.weeks.map((week) => week.median) }]} />
        </section>
        <section class="card" aria-labelledby="report-waiting">
          <h2 id="report-waiting">{t("waiting")}</h2>
          <WaitingNote />
          <Bars head={[t("who"), t("cases")]} rows={data.waiting} />
        </section>
        <section class="card" aria-labelledby="report-states">
          <h2 id="report-states">{t("states")}</h2>
          <Bars head={cases} rows={numbers.states.slice(0, STATES_SHOWN).map(([name, n]) => ({ name, n }))} />
        </section>
        <section class="card" aria-labelledby="report-deadlines">
          <h2 id="report-deadlines">{t("deadlines")}</h2>
          <Bars head={[t("deadlines"), t("cases")]}
            rows={[
              { name: t("in_time"), n: numbers.in_time, tone: "good" },
              { name: t("late"), n: numbers.late, tone: "late" },
              { name: t("without"), n: numbers.open - numbers.in_time - numbers.late, tone: "none" },
            ]} />
        </section>
        <Kept ended={data.ended} />
        <section class="card" aria-labelledby="report-outcomes">
          <h2 id="report-outcomes">{t("outcomes")}</h2>
          <Bars head={[t("outcome"), t("cases")]} rows={numbers.outcomes.map(([name, n]) => ({ name, n }))} />
        </section>
        <Ratings ratings={data.ratings} />
      </div>
      <p class="acts">
        <button type="button" class="secondary outline" onClick={() => exportCases(data)}>
          {t("export_csv")}
        </button>
        <button type="button" class="secondary outline"
          onClick={() => keepAs(new Blob([JSON.stringify({ from: data.from, to: data.now, ...asked, ...numbers, ratings: data.ratings }, null, 1)], { type: "application/json" }), "signoff-report.json")}>
          {t("export_json")}
        </button>
      </p>
    </>
  );
}

function WaitingNote() {
  return isLead() ? null : <p class="quiet">{t("waiting_for_leads")}</p>;
}

export default function Reports() {
  const [asked, setAsked] = useState<Asked>({ workflow: "", project: "", weeks: 13 });
  const [again, setAgain] = useState(0);
  const flows = useCall("workflow.list", {});
  const projects = useCall("project.list", { limit: 500 });
  const report = useReport(asked, again);
  const timer = useRef(0);
  useLive(() => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setAgain((n) => n + 1), LIVE_MS);
  });
  useTitle(t("title"));
  const data = report.data;
  return (
    <div class="page reports">
      <header>
        <h1>{t("title")}</h1>
      </header>
      <div class="filters">
        <label>
          {t("span")}
          <select value={asked.weeks} onChange={(event) => setAsked({ ...asked, weeks: Number(event.currentTarget.value) })}>
            {SPANS.map((n) => (
              <option key={n} value={n}>
                {t("weeks", { n })}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("workflow")}
          <select value={asked.workflow} onChange={(event) => setAsked({ ...asked, workflow: event.currentTarget.value })}>
            <option value="">{t("every")}</option>
            {(flows.data?.items ?? []).map((flow) => (
              <option key={flow.name} value={flow.name}>
                {flow.title}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("project")}
          <select value={asked.project} onChange={(event) => setAsked({ ...asked, project: event.currentTarget.value })}>
            <option value="">{t("every_project")}</option>
            {(projects.data?.items ?? []).map((one) => (
              <option key={one.project} value={one.project}>
                {titled(one.title, one.project)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {data === null ? (
        report.error ? <Failure error={report.error} again={() => setAgain(again + 1)} /> : <Skeleton lines={6} />
      ) : data.opened.length + data.ended.length + data.open.length === 0 ? (
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
        </Empty>
      ) : (
        <Pictures data={data} asked={asked} />
      )}
    </div>
  );
}
