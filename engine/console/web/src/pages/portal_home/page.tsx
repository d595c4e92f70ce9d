// SPDX-License-Identifier: Apache-2.0
// The portal's first page: what waits for the client's person, and how their projects are getting on.
import { who } from "../../lib/session";
import { day } from "../../lib/time";
import { useTitle } from "../../lib/title";
import type { InboxItem } from "../../lib/types";
import type { OwnProject } from "../../lib/types_portal";
import type { CaseRow } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip, TimeLeft } from "../../parts/chip";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const MOST = 200;
const LOOKED_AT = 20; // open cases of a project that are asked about one by one

function Waiting({ items }: { items: InboxItem[] }) {
  if (items.length === 0) return <p class="portal-calm">{t("nothing")}</p>;
  return (
    <ul class="portal-cards">
      {items.map((item) => (
        <li key={item.case + item.state + (item.on_behalf ?? "")}>
          <a class="portal-card asks" href={`/portal/case/${encodeURIComponent(item.case)}`}>
            <span class="quiet">{item.kind === "approval" ? t("approval") : t("other")}</span>
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
  );
}

/** What the person is asked to fill in, such as a survey, although the case itself waits for somebody else. */
function AskedToo({ of }: { of: CaseRow }) {
  const may = useCall("case.allowed", { case: of.case }, { live: of.case });
  const asks = (may.data?.events ?? []).filter(
    (event) => event.allowed && (event.needs ?? []).some((name) => of.fields[name] === undefined),
  );
  if (asks.length === 0) return null;
  return <span class="portal-too">{t("asked", { what: asks.map((event) => event.title).join(" · ") })}</span>;
}

function Row({ item, looks = false }: { item: CaseRow; looks?: boolean }) {
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
          {looks && <AskedToo of={item} />}
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

function Project({ project, items }: { project: OwnProject; items: CaseRow[] }) {
  const open = items.filter((item) => item.closed_at === null);
  const done = items.filter((item) => item.closed_at !== null);
  return (
    <section class="portal-project" aria-labelledby={`project-${project.project}`}>
      <h2 id={`project-${project.project}`}>
        <bdi>{project.title}</bdi>
      </h2>
      <Progress done={done.length} all={items.length} />
      {open.length > 0 && (
        <ul class="portal-list">
          {open.map((item, i) => (
            <Row key={item.case} item={item} looks={i < LOOKED_AT} />
          ))}
        </ul>
      )}
      {done.length > 0 && (
        <details open={open.length === 0}>
          <summary>{t("finished", { n: done.length })}</summary>
          <ul class="portal-list">
            {done.map((item) => (
              <Row key={item.case} item={item} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

export default function Home() {
  const projects = useCall("project.mine", {}, { live: true });
  const cases = useCall("case.list", { limit: MOST, sort: "opened", descending: true, whole: true }, { live: true });
  const inbox = useCall("inbox.list", { limit: MOST }, { live: true });
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
        <Project key={project.project} project={project} items={all.filter((item) => item.project === project.project)} />
      ))}
      {cases.data.cursor !== null && <p class="quiet">{t("more", { n: all.length })}</p>}
    </div>
  );
}
