// SPDX-License-Identifier: Apache-2.0
// Finding cases by words and by what they are. What is asked stands in the address, so that it can be kept and passed on.
import { useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { useKeys } from "../../lib/keys";
import { at } from "../../lib/place";
import { useTitle } from "../../lib/title";
import type { CaseFilter } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { CaseLines } from "../../parts/cases";
import { Empty, Failure, Skeleton } from "../../parts/states";
import { t } from "./texts";

const PAGE = 50;
const MOST = 500;
const TYPING_MS = 250;
const KEY = /^[A-Z][A-Z0-9]*-\d+$/i;

type Asked = { text?: string; workflow?: string; show?: string; project?: string; client?: string };
const SHOWS: Record<string, CaseFilter> = { all: {}, open: { open: true }, overdue: { overdue: true }, ended: { ended: true } };

function filterOf(asked: Asked, limit: number): CaseFilter {
  return {
    ...(asked.text ? { text: asked.text } : {}),
    ...(asked.workflow ? { workflow: asked.workflow } : {}),
    ...(asked.project ? { project: asked.project } : {}),
    ...(asked.client ? { client: asked.client } : {}),
    ...(SHOWS[asked.show ?? "all"] ?? {}),
    sort: "updated",
    descending: true,
    names: true,
    limit,
  };
}

export default function Search() {
  const { query, route } = useLocation();
  const asked = query as Asked;
  const [typed, setTyped] = useState(asked.text ?? "");
  const [limit, setLimit] = useState(PAGE);
  const box = useRef<HTMLInputElement>(null);
  const flows = useCall("workflow.list", {});
  const list = useCall("case.list", filterOf(asked, limit), { live: true });
  const clock = useCall("clock.now", {}, { live: true });
  useTitle(t("title"));
  useKeys([{ key: "/", does: t("key"), run: () => box.current?.focus() }]);

  const ask = (more: Asked) => {
    const next = new URLSearchParams(Object.entries({ ...asked, ...more }).filter(([, value]) => value !== undefined && value !== "") as [string, string][]);
    route(`${at("search")}${next.size === 0 && [...next].length === 0 ? "" : `?${next}`}`, true);
  };
  useEffect(() => {
    if (typed.trim() === (asked.text ?? "")) return undefined;
    const timer = setTimeout(() => ask({ text: typed.trim() }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => setLimit(PAGE), [JSON.stringify(asked)]);

  const submit = (event: Event) => {
    event.preventDefault();
    if (KEY.test(typed.trim())) route(at("case", typed.trim().toUpperCase()));
    else ask({ text: typed.trim() });
  };
  const n = list.data?.items.length ?? 0;
  return (
    <div class="page search">
      <header>
        <h1>{t("title")}</h1>
      </header>
      <search>
      <form class="filters" onSubmit={submit}>
        <label class="wide">
          {t("words")}
          <input ref={box} type="search" value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
        </label>
        <label>
          {t("workflow")}
          <select value={asked.workflow ?? ""} onChange={(event) => ask({ workflow: event.currentTarget.value })}>
            <option value="">{t("every")}</option>
            {(flows.data?.items ?? []).map((flow) => (
              <option key={flow.name} value={flow.name}>
                {flow.title}
              </option>
            ))}
          </select>
        </label>
        <label>
          {t("show")}
          <select value={asked.show ?? "all"} onChange={(event) => ask({ show: event.currentTarget.value === "all" ? "" : event.currentTarget.value })}>
            {(["all", "open", "overdue", "ended"] as const).map((one) => (
              <option key={one} value={one}>
                {t(one)}
              </option>
            ))}
          </select>
        </label>
      </form>
      </search>
      {(asked.project || asked.client) && (
        <p class="chips">
          {asked.project && (
            <button type="button" class="secondary outline small" title={t("without")} onClick={() => ask({ project: "" })}>
              {t("of_project", { project: asked.project })} ×
            </button>
          )}
          {asked.client && (
            <button type="button" class="secondary outline small" title={t("without")} onClick={() => ask({ client: "" })}>
              {t("of_client", { client: asked.client })} ×
            </button>
          )}
        </p>
      )}
      {list.data === null ? (
        list.error ? <Failure error={list.error} again={list.reload} /> : <Skeleton lines={5} />
      ) : n === 0 ? (
        <Empty title={t("none")} picture="none">
          <p>{t("none_more")}</p>
        </Empty>
      ) : (
        <section class="card">
          <p class="quiet" role="status">
            {t(list.data.cursor === null ? "found" : "found_more", { n })}
          </p>
          <CaseLines rows={list.data.items} now={clock.data ? Date.parse(clock.data.now) : Date.now()} />
          {list.data.cursor !== null && limit < MOST && (
            <button type="button" class="secondary" onClick={() => setLimit(Math.min(MOST, limit * 3))}>
              {t("more")}
            </button>
          )}
        </section>
      )}
    </div>
  );
}
