// SPDX-License-Identifier: Apache-2.0
// Calls of the protocol's methods: one WebSocket, and POST /rpc where there can be none.
//
//   const page = await call("inbox.list", { limit: 50 });
//   await send("case.fire", { case: "CR-1", event: "accept" });
//
// A refusal is thrown as Refused, with the server's own words in the person's language. A connection that breaks, or
// over which nothing comes, is opened again, and what had no answer is asked again: writing methods carry a request_id,
// so that they are done once. Who is told that the outcome is unknown may press again: that is the same request.
import { signal } from "@preact/signals";
import { language, texts } from "./i18n";
import { learn } from "./names";
import type { Methods, Person, Writes } from "./types";

const t = texts({
  unknown: ["This token is not good here: it is unknown, has expired or was revoked.", "此令牌无效：不存在、已过期或已被撤销。"],
  later: ["Too many attempts. Try again in {n} {n|second|seconds}.", "尝试次数过多，请在 {n} 秒后重试。"],
  busy: ["The server is busy. Try again in a moment.", "服务器繁忙，请稍后重试。"],
  outcome: [
    "No answer has come, so it is not known whether this was recorded. Try again: it is recorded once, however often you do.",
    "未收到答复，无法确定是否已记录。请重试：无论重试几次，都只会记录一次。",
  ],
});

/** What the server said no with; code is stable ("conflict", "not_now", ...). */
export class Refused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly data: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

export type Connection = "off" | "connecting" | "open" | "lost" | "polling";
/** How we are connected; "polling": requests by POST only. */
export const connection = signal<Connection>("off");

interface Answer {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: unknown;
  error?: { code: number; message: string; data?: Record<string, unknown> };
}

interface Pending {
  method: string;
  params: object;
  since: number;
  tries: number; // by POST, or answered with "unknown outcome"
  done: (result: unknown) => void;
  failed: (error: Error) => void;
}

/** What the rest of the console wants to hear of. */
export const heard = {
  /** Logged in on a new connection: watches begin again. */
  entered: (_who: Person): void => {},
  /** The token is no good any more. */
  expired: (_why: string): void => {},
  notified: (_method: string, _params: Record<string, unknown>): void => {},
};

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const FAILURES = 2; // of the socket in a row, before POST is tried
const WITHOUT_SOCKET_MS = 30_000; // between tries, once requests go by POST
const TRIES = 4; // of one request, before the person is asked
const LOOK_MS = 2000; // between looks at whether anything still comes
const SILENCE_MS = 20_000; // with a question open: then the connection is taken for dead
const LONGEST_SILENCE_MS = 320_000; // a long answer over a slow line is silence as well: each time twice as patient
const IDLE_MS = 45_000; // without a question: then the server is asked whether it is there
const POST_MS = 60_000;
const LOGIN_ID = 0;
const QUIET_MS = 250; // without a question: a page that follows up on its answers has done so by then
const QUIET_LOOK_MS = 50;

let token: string | null = null;
let socket: WebSocket | null = null;
let isIn = false; // the login on this socket is answered
let failures = 0;
let timer = 0;
let lastId = LOGIN_ID;
let heardAt = 0; // when something last came over the socket, or it was opened
let patience = SILENCE_MS;
let busyAt = 0; // when something was last asked or answered, by performance.now()
const pending = new Map<number, Pending>();

function refusal(error: NonNullable<Answer["error"]>): Refused {
  return new Refused(String(error.data?.code ?? "internal"), String(error.data?.said ?? error.message), error.data ?? {});
}

/** What HTTP itself refuses comes without an answer of the protocol. */
function byStatus(response: Response): Refused {
  if (response.status === 401) return new Refused("unauthenticated", t("unknown"));
  if (response.status === 429)
    return new Refused("overloaded", t("later", { n: Number(response.headers.get("Retry-After") ?? 6) }));
  // What stands in between may have passed it on before it gave up.
  return new Refused(response.status === 503 ? "unavailable" : "unknown_outcome", t("busy"));
}

/** Asks without a connection: who signs in has none yet. bearer null: as nobody. */
export async function post<T>(method: string, params: object, bearer: string | null, signal?: AbortSignal): Promise<T> {
  const headers: Record<string, string> = { "Content-Type": "application/json", "Accept-Language": language.value };
  if (bearer !== null) headers.Authorization = `Bearer ${bearer}`;
  const response = await fetch("/rpc", {
    method: "POST",
    headers,
    credentials: "omit",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: signal ?? AbortSignal.timeout(POST_MS),
  });
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw byStatus(response);
  const answer = (await response.json()) as Answer;
  if (answer.error) throw refusal(answer.error);
  return answer.result as T;
}

/** Files go by themselves, and not as calls: as who is signed in. */
export function fetchAs(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string>), "Accept-Language": language.value, Authorization: `Bearer ${token}` };
  return fetch(path, { ...init, headers, credentials: "omit" });
}

const text = (id: number, method: string, params: object) => JSON.stringify({ jsonrpc: "2.0", id, method, params });

function put(id: number, method: string, params: object): void {
  socket?.send(text(id, method, params));
}

/** Was it perhaps done? What the server refuses it has not done; of what has no answer nobody knows. */
const isUnknown = (error: Error): boolean => !(error instanceof Refused) || error.code === "unknown_outcome";

/** Asks once more, a little later and by whatever way there is then; false: often enough. */
function askAgain(id: number, asked: Pending): boolean {
  if (token === null || ++asked.tries >= TRIES) return false;
  pending.set(id, asked);
  setTimeout(() => {
    if (pending.get(id) !== asked) return;
    if (isIn) put(id, asked.method, asked.params);
    else if (connection.value === "polling") void postPending(id, asked);
  }, FIRST_PAUSE_MS * 2 ** asked.tries);
  return true;
}

function fail(asked: Pending, error: Error): void {
  const isWrite = "request_id" in asked.params;
  asked.failed(isWrite && isUnknown(error) ? new Refused("unknown_outcome", t("outcome")) : error);
}

async function postPending(id: number, asked: Pending): Promise<void> {
  pending.delete(id);
  try {
    const result = await post(asked.method, asked.params, token);
    learn(result);
    asked.done(result);
  } catch (error) {
    if (error instanceof Refused && error.code === "unauthenticated") leave(error.message);
    if (!isUnknown(error as Error) || !askAgain(id, asked)) fail(asked, error as Error);
  }
}

function leave(why: string): void {
  disconnect();
  heard.expired(why);
}

function takeLogin(answer: Answer): void {
  if (answer.error) {
    if (answer.error.data?.code === "unauthenticated") leave(refusal(answer.error).message);
    else socket?.close(); // such as too many logins: later again
    return;
  }
  isIn = true;
  failures = 0;
  connection.value = "open";
  for (const [id, asked] of pending) put(id, asked.method, asked.params);
  heard.entered(answer.result as Person);
}

function take(text: string): void {
  const answers = JSON.parse(text) as Answer | Answer[];
  if (Array.isArray(answers)) answers.forEach(takeOne);
  else takeOne(answers);
}

function takeOne(answer: Answer): void {
  if (answer.method !== undefined) {
    heard.notified(answer.method, answer.params ?? {});
  } else if (answer.id === LOGIN_ID) {
    takeLogin(answer);
  } else {
    const asked = pending.get(answer.id ?? -1);
    pending.delete(answer.id ?? -1);
    busyAt = performance.now();
    patience = SILENCE_MS;
    if (answer.error) {
      const error = refusal(answer.error);
      if (asked !== undefined && !(isUnknown(error) && askAgain(answer.id!, asked))) fail(asked, error);
      if (answer.error.data?.code === "unauthenticated") leave(refusal(answer.error).message);
      return;
    }
    learn(answer.result);
    asked?.done(answer.result);
  }
}

function open(): void {
  const its = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/rpc`);
  socket = its;
  isIn = false;
  if (connection.value !== "polling") connection.value = failures === 0 ? "connecting" : "lost";
  heardAt = Date.now();
  its.onopen = () => put(LOGIN_ID, "session.login", { token, language: language.value });
  its.onmessage = (event) => {
    heardAt = Date.now();
    if (its === socket) take(String(event.data));
  };
  its.onclose = () => its === socket && closed();
}

function openLater(pause: number): void {
  clearTimeout(timer);
  timer = window.setTimeout(open, pause * (0.75 + Math.random() / 2));
}

function closed(): void {
  socket = null;
  isIn = false;
  failures++;
  if (connection.value !== "polling") connection.value = "lost";
  openLater(connection.value === "polling" ? WITHOUT_SOCKET_MS : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS));
  if (failures > FAILURES && navigator.onLine) void lookForPost();
}

/** Is the server away, or does only the socket not pass, since a proxy in between knows none? An answer tells; then what
 * waits goes by POST. */
async function lookForPost(): Promise<void> {
  const its = token;
  const answered = await post("server.ping", {}, its).then(
    () => true,
    (error: Error) => !isUnknown(error),
  );
  if (token !== its || token === null || isIn) return;
  connection.value = answered ? "polling" : "lost";
  if (!answered) return;
  if (socket === null) openLater(WITHOUT_SOCKET_MS);
  for (const [id, asked] of pending) void postPending(id, asked);
}

/** A line that is cut without a word looks like a server that thinks: only time tells. */
function look(): void {
  if (socket === null) return;
  const now = Date.now();
  const oldest = Math.min(now, ...[...pending.values()].map((asked) => asked.since));
  const waits = !isIn || pending.size > 0;
  if (waits && now - Math.max(heardAt, oldest) > patience) {
    patience = Math.min(patience * 2, LONGEST_SILENCE_MS);
    socket.close(); // which takes long when nobody answers
    closed();
  } else if (!waits && now - heardAt > IDLE_MS) {
    void ask("server.ping", {}).catch(() => undefined);
  }
}
setInterval(look, LOOK_MS);

/** Goes on with the connection that there is, when it is that person's. */
export function connect(as: string): void {
  if (token === as) return;
  disconnect();
  token = as;
  failures = 0;
  open();
}

export function disconnect(): void {
  clearTimeout(timer);
  const its = socket;
  socket = null;
  token = null;
  isIn = false;
  its?.close();
  for (const asked of pending.values()) asked.failed(new Refused("unavailable", ""));
  pending.clear();
  connection.value = "off";
}

/** Logs in anew, such as in another language; what is under way is asked again. */
export function reconnect(): void {
  if (token === null) return;
  const its = socket;
  socket = null;
  its?.close();
  clearTimeout(timer);
  open();
}

window.addEventListener("online", () => connection.value === "lost" && reconnect());

function pendingOf<T>(method: string, params: object, done: (result: T) => void, failed: (error: Error) => void): Pending {
  busyAt = performance.now();
  return { method, params, since: Date.now(), tries: 0, done: done as (result: unknown) => void, failed };
}

export function ask<T>(method: string, params: object): Promise<T> {
  return new Promise<T>((done, failed) => {
    const id = ++lastId;
    const asked = pendingOf(method, params, done, failed);
    pending.set(id, asked);
    if (isIn) put(id, method, params);
    else if (connection.value === "polling") void postPending(id, asked);
  });
}

/** The same question of many things, as one request; each is answered by itself. */
export function askEach<T>(method: string, each: object[]): Promise<T>[] {
  const asked = each.map((params) => {
    const id = ++lastId;
    return { id, params, answer: new Promise<T>((done, failed) => pending.set(id, pendingOf(method, params, done, failed))) };
  });
  if (isIn && asked.length > 0) socket?.send(`[${asked.map(({ id, params }) => text(id, method, params)).join()}]`);
  else if (connection.value === "polling") for (const { id } of asked) void postPending(id, pending.get(id)!);
  return asked.map(({ answer }) => answer);
}

/** A method that reads. */
export function call<M extends keyof Methods>(method: M, params: Methods[M]["params"]): Promise<Methods[M]["result"]> {
  return ask(method, params);
}

/** On a connection of its own: what takes long keeps no other answer waiting, and ends when signal says so. */
export function callApart<M extends keyof Methods>(method: M, params: Methods[M]["params"], signal: AbortSignal): Promise<Methods[M]["result"]> {
  return post(method, params, token, signal);
}

/** Once nothing has been asked for a moment, as callApart(): what nobody waits for keeps nobody waiting. What finds no way
 * goes as call() does. */
export async function callBehind<M extends keyof Methods>(method: M, params: Methods[M]["params"], signal: AbortSignal): Promise<Methods[M]["result"]> {
  const begun = performance.now();
  while (!signal.aborted && (pending.size > 0 || performance.now() - Math.max(begun, busyAt) < QUIET_MS))
    await new Promise((done) => setTimeout(done, QUIET_LOOK_MS));
  signal.throwIfAborted();
  try {
    const result = await callApart(method, params, signal);
    learn(result);
    return result;
  } catch (error) {
    if (signal.aborted || !isUnknown(error as Error)) throw error;
    return call(method, params);
  }
}

/** By method and params: the request_id of what was written and has no answer yet. */
const unanswered = new Map<string, string>();

/** Done once, however often it has to be sent, and however often somebody presses before there is an answer. */
export async function write<T>(method: string, params: object): Promise<T> {
  const what = JSON.stringify([method, params]);
  const request_id = unanswered.get(what) ?? crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`;
  unanswered.set(what, request_id);
  try {
    const result = await ask<T>(method, { ...params, request_id });
    unanswered.delete(what);
    return result;
  } catch (error) {
    if (!isUnknown(error as Error)) unanswered.delete(what);
    throw error;
  }
}

/** A method that writes. */
export function send<M extends keyof Writes>(method: M, params: Writes[M]["params"]): Promise<Writes[M]["result"]> {
  return write(method, params);
}
