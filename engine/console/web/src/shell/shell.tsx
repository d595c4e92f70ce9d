// SPDX-License-Identifier: Apache-2.0
// What is around every page: its head, the way to the others, the state of the connection, notices, help.
import { ErrorBoundary, LocationProvider, Route, Router, useLocation } from "preact-iso";
import { useEffect, useRef, useState } from "preact/hooks";
import { connection } from "../lib/api";
import { language, number, texts } from "../lib/i18n";
import { useKeys } from "../lib/keys";
import { type Entry, movesInbox } from "../lib/live";
import { isLead, isRemembered, resume, signOut, who } from "../lib/session";
import { useCall } from "../lib/use";
import { Dialog } from "../parts/dialog";
import { Empty, Failure, Skeleton } from "../parts/states";
import { Toasts } from "../parts/toast";
import { KeyList } from "./key_list";
import type { Place } from "./places";
import { SignIn } from "./signin";
import { Brand, LanguageSwitch, ThemeSwitch } from "./switches";

const t = texts({
  skip: ["Skip to the content", "跳到正文"],
  main: ["Pages", "页面"],
  menu: ["Account", "账户"],
  sign_out: ["Sign out", "退出登录"],
  lost: ["The connection is lost. Trying again …", "连接已断开，正在重试……"],
  polling: ["No live connection: this page looks for news from time to time.", "没有实时连接：页面会定期刷新。"],
  keys: ["Keys", "快捷键"],
  help: ["Show the keys of this page", "显示本页快捷键"],
  preferences: ["Preferences", "偏好设置"],
  nothing: ["There is no page here", "这里没有页面"],
  home: ["Go to the inbox", "前往待办"],
  team: ["Team {team}", "团队 {team}"],
});

function Offline() {
  const state = connection.value;
  if (state !== "lost" && state !== "polling") return null;
  return (
    <p class="offline" role="status">
      {state === "lost" ? t("lost") : t("polling")}
    </p>
  );
}

function Help({ close, places }: { close: () => void; places: Place[] }) {
  return (
    <Dialog title={t("keys")} close={close}>
      <KeyList places={places} />
    </Dialog>
  );
}

/** "g" and another key within a second lead to a page. */
function useJumps(places: Place[], base: string): void {
  const { route } = useLocation();
  useEffect(() => {
    let armed = 0;
    const look = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || at.closest("input, textarea, select, dialog")) return;
      const place = places.find((one) => one.key === event.key);
      if (Date.now() < armed && place) {
        event.preventDefault();
        event.stopImmediatePropagation();
        route(base + linkOf(place));
      }
      armed = event.key === "g" ? Date.now() + 1000 : 0;
    };
    document.addEventListener("keydown", look, true);
    return () => document.removeEventListener("keydown", look, true);
  }, [places, base]);
}

const UNREAD_MOST = 100; // more are not counted

/** What stands beside the places: what waits, and what was told and is unread. */
function useCounts(): Record<string, string> {
  // A reminder moves nothing, and is told all the same.
  const live = (entry: Entry) => movesInbox(entry) || entry.kind === "deadline" || entry.kind === "send";
  const { data } = useCall("inbox.count", {}, { live, behind: true });
  if (data === null) return {};
  return {
    ...(data.count > 0 ? { "": `${number(data.count)}${data.more ? "+" : ""}` } : {}),
    ...(data.unread > 0 ? { messages: data.unread < UNREAD_MOST ? String(data.unread) : `${UNREAD_MOST - 1}+` } : {}),
  };
}

/** Where its link leads: without the parts that a page may get. */
const linkOf = (place: Place) => place.path.replace(/\/?:.*$/, "");

/** At the place, or below it; the router leaves out the slash at the end. */
function isAt(path: string, base: string, place: Place): boolean {
  const [here, there] = [path.replace(/\/$/, ""), (base + linkOf(place)).replace(/\/$/, "")];
  return here === there || (place.path.includes(":") && here.startsWith(`${there}/`));
}

/** The place of an address: the first words of both are the same. */
const placeAt = (path: string, base: string, places: Place[]): Place | undefined =>
  places.find((place) => (path.slice(base.length).split("/")[0] ?? "") === place.path.split(/\/?:/)[0]);

/** A letter, and how many are unread. */
function Aside({ href, name, count, here }: { href: string; name: string; count: string | undefined; here: boolean }) {
  return (
    <a class="aside" href={href} title={name} aria-current={here ? "page" : undefined}>
      <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" aria-hidden="true">
        <path d="M3 6h18v12H3z M3 7l9 7 9-7" />
      </svg>
      <span class="hidden">{name}</span>
      {count !== undefined && <span class="count">{count}</span>}
    </a>
  );
}

function Head({ places, base }: { places: Place[]; base: string }) {
  const { path } = useLocation();
  const person = who.value;
  const counts = useCounts();
  const account = useRef<HTMLDetailsElement>(null);
  // It closes as menus do: by Escape, and by pressing anywhere else.
  useEffect(() => {
    const close = (event: Event) => {
      const its = account.current;
      if (its === null || (event instanceof KeyboardEvent ? event.key !== "Escape" : its.contains(event.target as Node))) return;
      its.open = false;
    };
    document.addEventListener("click", close);
    document.addEventListener("keydown", close);
    return () => {
      document.removeEventListener("click", close);
      document.removeEventListener("keydown", close);
    };
  }, []);
  return (
    <header class="head">
      <a class="home" href={base}>
        <Brand />
      </a>
      <nav aria-label={t("main")}>
        {places
          .filter((place) => place.name !== undefined && !place.aside && (!place.forLeads || isLead()))
          .map((place) => (
            <a key={place.path} href={base + linkOf(place)} aria-current={isAt(path, base, place) ? "page" : undefined}>
              {place.name?.()}
              {counts[place.path] !== undefined && <span class="count">{counts[place.path]}</span>}
            </a>
          ))}
      </nav>
      {places
        .filter((place) => place.aside)
        .map((place) => (
          <Aside key={place.path} href={base + linkOf(place)} name={place.name?.() ?? ""} count={counts[place.path]} here={isAt(path, base, place)} />
        ))}
      <details class="account" ref={account}>
        <summary>
          <span class="hidden">{t("menu")}: </span>
          <span class="name">{person?.title ?? person?.person}</span>
        </summary>
        <div>
          <p class="quiet">{t("team", { team: person?.team ?? "" })}</p>
          <LanguageSwitch />
          <ThemeSwitch />
          <a href={`${base}preferences`} onClick={() => account.current && (account.current.open = false)}>
            {t("preferences")}
          </a>
          <button type="button" class="secondary" onClick={() => void signOut()}>
            {t("sign_out")}
          </button>
        </div>
      </details>
    </header>
  );
}

function Nothing({ base }: { base: string }) {
  return (
    <Empty title={t("nothing")} picture="lost">
      <p>
        <a href={base}>{t("home")}</a>
      </p>
    </Empty>
  );
}

/** preact-iso's lazy() throws promises: without the boundary around it a page would stay blank. */
function Pages({ places, base }: { places: Place[]; base: string }) {
  const [error, setError] = useState<Error | null>(null);
  const [loading, setLoading] = useState(false);
  if (error !== null) return <Failure error={error} again={() => location.reload()} />;
  return (
    <ErrorBoundary onError={setError}>
      {loading && <Skeleton />}
      <Router onLoadStart={() => setLoading(true)} onLoadEnd={() => setLoading(false)} onRouteChange={() => scrollTo(0, 0)}>
        {places.map((place) => (
          <Route key={place.path} path={base + place.path} component={place.page} />
        ))}
        <Route default component={() => <Nothing base={base} />} />
      </Router>
    </ErrorBoundary>
  );
}

function Inside({ places, base }: { places: Place[]; base: string }) {
  const [help, setHelp] = useState(false);
  useKeys([{ key: "?", does: t("help"), run: () => setHelp(true) }]);
  useJumps(places, base);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), document.getElementById("content")?.focus())}>
        {t("skip")}
      </a>
      <Head places={places} base={base} />
      <Offline />
      <main id="content" tabIndex={-1}>
        <Pages places={places} base={base} />
      </main>
      {help && <Help close={() => setHelp(false)} places={places} />}
    </>
  );
}

export interface Side {
  base: "/console/" | "/portal/";
  places: Place[];
}

/** Each side has its own people: the team's, and the clients'. */
export function Shell({ base, places }: Side) {
  useEffect(() => {
    void resume();
    if (isRemembered()) placeAt(location.pathname, base, places)?.page.preload?.();
  }, []);
  const person = who.value;
  void language.value; // all words change with it
  if (person === undefined) return <Skeleton lines={6} />;
  if (person === null) return <SignIn />;
  const home = person.client === null ? "/console/" : "/portal/";
  if (home !== base) {
    location.replace(home);
    return <Skeleton />;
  }
  return (
    <LocationProvider scope={base}>
      <Inside places={places} base={base} />
      <Toasts />
    </LocationProvider>
  );
}
