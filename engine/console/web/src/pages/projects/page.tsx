// SPDX-License-Identifier: Apache-2.0
// The team's projects, and by client.
import { useState } from "preact/hooks";
import { at } from "../../lib/place";
import { useTitle } from "../../lib/title";
import { titled } from "../../lib/titled";
import type { Health } from "../../lib/types_project";
import { useCall } from "../../lib/use";
import { Chip } from "../../parts/chip";
import { HealthChip } from "../../parts/health";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const MOST = 500;
const JUDGED = 100; // whose health is counted, once: each takes a look at all of its open cases

function Judged({ health }: { health: Health | null | undefined }) {
  return health ? <HealthChip health={health} /> : null;
}

export default function Projects() {
  const [find, setFind] = useState("");
  const list = useCall("project.list", { limit: MOST }, { live: true });
  const clients = useCall("client.list", { limit: MOST }, { live: true });
  const judged = useCall("project.list", { limit: JUDGED, health: true });
  useTitle(t("title"));
  if (list.data === null) return list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton lines={5} />;
  const names = new Map((clients.data?.items ?? []).map((client) => [client.client, titled(client.title, client.client)]));
  const health = new Map((judged.data?.items ?? []).map((one) => [one.project, one.health]));
  const wanted = find.trim().toLowerCase();
  const shown = list.data.items.filter((one) =>
    [one.project, titled(one.title, one.project), one.client === null ? "" : (names.get(one.client) ?? one.client)].join(" ").toLowerCase().includes(wanted),
  );
  return (
    <div class="page projects">
      <header>
        <h1>{t("title")}</h1>
      </header>
      <div class="filters">
        <label class="wide">
          {t("find")}
          <input type="search" value={find} onInput={(event) => setFind(event.currentTarget.value)} />
        </label>
      </div>
      {shown.length === 0 && (
        <Empty title={t("none")}>
          <p>{t("none_more")}</p>
        </Empty>
      )}
      <ul class="tiles">
        {shown.map((one) => (
          <li key={one.project}>
            <a href={at("project", one.project)}>
              <b>
                <bdi>{titled(one.title, one.project)}</bdi>
              </b>
              <span class="quiet">
                {one.project} · {one.client === null ? t("own") : (names.get(one.client) ?? one.client)}
              </span>{" "}
              {one.state === "closed" && <Chip>{t("closed")}</Chip>}
              <Judged health={health.get(one.project)} />
            </a>
          </li>
        ))}
      </ul>
      {names.size > 0 && (
        <section aria-labelledby="clients">
          <h2 id="clients">{t("clients")}</h2>
          <ul class="tiles">
            {(clients.data?.items ?? []).map((client) => (
              <li key={client.client}>
                <a href={at("client", client.client)}>
                  <b>
                    <bdi>{titled(client.title, client.client)}</bdi>
                  </b>
                  <span class="quiet">{client.client}</span> {!client.active && <Chip>{t("left")}</Chip>}
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}
