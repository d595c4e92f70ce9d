// SPDX-License-Identifier: Apache-2.0
// A project at a glance, as project.overview counts it: health, milestones, budget, open work, next dates, people,
// and what its end still waits for.
import { number } from "../../lib/i18n";
import { at } from "../../lib/place";
import { useTitle } from "../../lib/title";
import type { Overview } from "../../lib/types_project";
import { useCall } from "../../lib/use";
import { CaseLines } from "../../parts/cases";
import { Chip } from "../../parts/chip";
import { HealthChip, Reasons } from "../../parts/health";
import { Failure, Skeleton } from "../../parts/states";
import { Budget } from "./budget";
import { Closeout } from "./closeout";
import { Milestones } from "./milestones";
import { t } from "./texts";

const SHOWN = 12;

function Work({ of, now }: { of: Overview; now: number }) {
  const list = useCall("case.list", { project: of.project, open: true, sort: "due", names: true, limit: SHOWN }, { live: true });
  const n = of.work.open;
  return (
    <section class="card" aria-labelledby="project-work">
      <h2 id="project-work">
        {t("work")} <span class="quiet">{number(n)}</span>
      </h2>
      {n > 0 && (
        <p class="chips">
          {of.work.workflows.map((one) => (
            <Chip key={one.workflow} tone={one.overdue ? "late" : "plain"} title={one.states.map((state) => `${state.title} ${number(state.open)}`).join(", ")}>
              {one.title} {number(one.open)}
              {one.overdue ? ` · ${t("overdue", { n: one.overdue })}` : ""}
            </Chip>
          ))}
        </p>
      )}
      {n === 0 ? <p class="quiet">{t("work_none")}</p> : list.data && <CaseLines rows={list.data.items} now={now} />}
      {n > SHOWN && (
        <p>
          <a href={`${at("search")}?project=${encodeURIComponent(of.project)}`}>{t("more", { n: n - SHOWN })}</a>
        </p>
      )}
    </section>
  );
}

function People({ members }: { members: NonNullable<Overview["members"]> }) {
  const people = [...new Set(members.map((member) => member.person))].map((person) => members.filter((member) => member.person === person));
  return (
    <section class="card" aria-labelledby="project-people">
      <h2 id="project-people">{t("people")}</h2>
      {people.length === 0 && <p class="quiet">{t("people_none")}</p>}
      <ul class="plain">
        {people.map((roles) => (
          <li key={roles[0]?.person} class="member">
            <b>{roles[0]?.title}</b>
            {roles.map((member) => (
              <Chip key={member.role} tone={member.role === "client" ? "here" : "plain"}>
                {member.role}
                {member.share !== null && ` ${t("share", { share: member.share })}`}
              </Chip>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Health({ health }: { health: NonNullable<Overview["health"]> }) {
  return (
    <section class="card" aria-labelledby="project-health">
      <h2 id="project-health">
        {t("health")} <HealthChip health={health} />
      </h2>
      {health.reasons.length === 0 ? <p class="quiet">{t("health_good")}</p> : <Reasons health={health} />}
      <p class="quiet">{t(health.own_limits ? "limits_own" : "limits_usual")}</p>
    </section>
  );
}

export default function ProjectPage({ params }: { params: { key: string } }) {
  const key = params.key;
  const { data: of, error, reload } = useCall("project.overview", { project: key }, { live: true });
  useTitle(of ? of.title : key);
  if (of === null) return error ? <Failure error={error} again={reload} /> : <Skeleton lines={6} />;
  const now = Date.parse(of.made_at);
  return (
    <div class="page project">
      <header>
        <p class="quiet">
          {t("project", { project: key })} · {of.client === null ? t("own") : <a href={at("client", of.client)}>{t("for_client", { client: of.client_title ?? of.client })}</a>}
        </p>
        <h1>{of.title}</h1>
        <p class="chips">
          <Chip tone={of.state === "open" ? "here" : "plain"}>{t(of.state === "open" ? "open_state" : "closed_state")}</Chip>
        </p>
      </header>
      <div class="cards">
        <div>
          {of.health && <Health health={of.health} />}
          <Milestones of={of} />
          <Work of={of} now={now} />
          <Budget money={of.budget} charter={of.charter} />
        </div>
        <div>
          <section class="card" aria-labelledby="project-dates">
            <h2 id="project-dates">{t("dates")}</h2>
            {(of.next ?? []).length === 0 ? <p class="quiet">{t("dates_none")}</p> : <CaseLines rows={of.next ?? []} now={now} />}
          </section>
          {of.closeout && <Closeout ending={of.closeout} work={of.work.workflows} />}
          {of.members && <People members={of.members} />}
        </div>
      </div>
    </div>
  );
}
