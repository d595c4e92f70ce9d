// SPDX-License-Identifier: Apache-2.0
// The portal's first page: what waits for the client's person, and how their projects are getting on.
import { useEffect, useState } from "preact/hooks";
import { askEach } from "../../lib/api";
import { who } from "../../lib/session";
import { day } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { Allowed, InboxItem } from "../../lib/types";
import type { OwnProject } from "../../lib/types_portal";
import type { CaseRow } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip, TimeLeft } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { Some } from "../../parts/some";
import { t } from "./texts";

const MOST = 100;
const LOOKED_AT = 40; // newest open cases that are asked about, in one request

function Waiting({ items }: { items: InboxItem[] }) {
  if (items.length === 0) return <p class="portal-calm">{t("nothing")}</p>;
  return (
    <Some of={items} list={(first) => (
    <ul class="portal-cards">
      {first.map((item) => (
        <li key={item.case + item.state + (item.on_behalf ?? "")}>
          <a class="portal-card asks" href={`/portal/case/${encodeURIComponent(item.case)}`}>
            <span class="quiet">
              {item.kind === "approval" ? t("approval") : t("other")} · {item.case} · {item.states.map((name) => item.state_titles[name] ?? name).join(" · ")}
            </span>
            <strong>
              <bdi>{item.title}</bdi>
            </strong>
            <span class="portal-foot">
              <TimeLeft item={item} />
              <span class="portal-go">{t("answer")} →</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
    )} />
  );
}

/** What the person is asked to fill in, such as a survey, although the case itself waits for somebody else: the titles
 * of the events, by case. */
function useAsked(cases: CaseRow[]): Map<string, string[]> {
  const [asked, setAsked] = useState(new Map<string, string[]>());
  const looked = cases.filter((one) => one.closed_at === null).slice(0, LOOKED_AT);
  useEffect(() => {
    let wanted = true;
    const answers = askEach<{ events: Allowed[] }>("case.allowed", looked.map((one) => ({ case: one.case })));
    // A case that cannot be asked about asks for nothing; its row says the rest.
    void Promise.all(answers.map((answer) => answer.catch(() => ({ events: [] as Allowed[] })))).then(
      (found) => wanted && setAsked(new Map(looked.map((one, i) => [one.case, asksOf(one, found[i]!.events)]))),
    );
    return () => {
      wanted = false;
    };
  }, [JSON.stringify(looked.map((one) => [one.case, one.rev]))]);
  return asked;
}

const asksOf = (of: CaseRow, events: Allowed[]): string[] =>
  events.filter((event) => event.allowed && (event.needs ?? []).some((name) => of.fields[name] === undefined)).map((event) => event.title);

function Row({ item, asks }: { item: CaseRow; asks: string[] }) {
  const state = item.states.map((name) => item.state_titles[name] ?? name).join(" · ");
  return (
    <li>
      <a class="portal-row" href={`/portal/case/${encodeURIComponent(item.case)}`}>
        <span class="portal-name">
          <bdi>{item.title ?? item.case}</bdi>
          <span class="quiet">
            {item.case} · {day(item.closed_at ?? item.opened_at)}
            {item.opener === who.value?.person && ` · ${t("yours")}`}
          </span>
          {asks.length > 0 && <span class="portal-too">{t("asked", { what: asks.join(" · ") })}</span>}
        </span>
        <Chip tone={item.closed_at === null ? "plain" : "good"}>{item.outcome_title ?? state}</Chip>
      </a>
    </li>
  );
}

function Progress({ done, all }: { done: number; all: number }) {
  if (all === 0) return <p class="quiet">{t("empty")}</p>;
  return (
    <div class="portal-progress">
      <progress value={done} max={all} aria-label={t("progress", { done, all })} />
      <p class="quiet">
        {t("open", { n: all - done })} · {t("done", { n: done })}
      </p>
    </div>
  );
}

function Project({ project, items, asked }: { project: OwnProject; items: CaseRow[]; asked: Map<string, string[]> }) {
  const open = items.filter((item) => item.closed_at === null);
  const done = items.filter((item) => item.closed_at !== null);
  return (
    <section class="portal-project" aria-labelledby={`project-${project.project}`}>
      <h2 id={`project-${project.project}`}>
        <bdi>{project.title}</bdi>
      </h2>
      <Progress done={done.length} all={items.length} />
      {open.length > 0 && (
        <Some of={open} list={(first) => (
          <ul class="portal-list">
            {first.map((item) => (
              <Row key={item.case} item={item} asks={asked.get(item.case) ?? []} />
            ))}
          </ul>
        )} />
      )}
      {done.length > 0 && (
        <details open={open.length === 0}>
          <summary>{t("finished", { n: done.length })}</summary>
          <Some of={done} list={(first) => (
            <ul class="portal-list">
              {first.map((item) => (
                <Row key={item.case} item={item} asks={[]} />
              ))}
            </ul>
          )} />
        </details>
      )}
    </section>
  );
}

export default function Home() {
  const projects = useCall("project.mine", {}, { live: true });
  const cases = useCall("case.list", { limit: MOST, sort: "opened", descending: true, whole: true }, { live: true });
  const inbox = useCall("inbox.list", { limit: MOST }, { live: true });
  const asked = useAsked(cases.data?.items ?? []);
  useTitle(t("title"));
  const error = projects.error ?? cases.error ?? inbox.error;
  if (projects.data === null || cases.data === null || inbox.data === null)
    return error ? <Failure error={error} again={() => (projects.reload(), cases.reload(), inbox.reload())} /> : <Skeleton lines={6} />;
  const all = cases.data.items;
  if (projects.data.items.length === 0)
    return (
      <Empty title={t("none")}>
        <p>{t("none_more")}</p>
      </Empty>
    );
  return (
    <div class="portal">
      <section aria-labelledby="waits">
        <h1 id="waits">{t("waits")}</h1>
        <Waiting items={inbox.data.items} />
      </section>
      <a class="portal-raise" href="/portal/new">
        <strong>{t("raise")}</strong>
        <span>{t("raise_help")}</span>
      </a>
      {projects.data.items.map((project) => (
        <Project key={project.project} project={project} items={all.filter((item) => item.project === project.project)} asked={asked} />
      ))}
      {cases.data.cursor !== null && <p class="quiet">{t("more", { n: all.length })}</p>}
    </div>
  );
}
