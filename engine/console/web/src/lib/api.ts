// SPDX-License-Identifier: Apache-2.0
// Calls of the protocol's methods: one WebSocket, and POST /rpc where there can be none.
//
//   const page = await call("inbox.list", { limit: 50 });
//   await send("case.fire", { case: "CR-1", event: "accept" });
//
// A refusal is thrown as Refused, with the server's own words in the person's language. A connection that breaks is
// opened again, and what had no answer is asked again: writing methods carry a request_id, so that they are done once.
import { signal } from "@preact/signals";
import { language, texts } from "./i18n";
import { learn } from "./names";
import type { Methods, Person, Writes } from "./types";

const t = texts({
  unknown: ["This token is not good here: it is unknown, has expired or was revoked.", "此令牌无效：不存在、已过期或已被撤销。"],
  later: ["Too many attempts. Try again in {n} {n|second|seconds}.", "尝试次数过多，请在 {n} 秒后重试。"],
  busy: ["The server is busy. Try again in a moment.", "服务器繁忙，请稍后重试。"],
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
const WITHOUT_SOCKET_MS = 30_000; // between tries, once requests go by POST
const LOGIN_ID = 0;

let token: string | null = null;
let socket: WebSocket | null = null;
let isIn = false; // the login on this socket is answered
let failures = 0;
let timer = 0;
let lastId = LOGIN_ID;
const pending = new Map<number, Pending>();

function refusal(error: NonNullable<Answer["error"]>): Refused {
  return new Refused(String(error.data?.code ?? "internal"), error.message, error.data ?? {});
}

/** What HTTP itself refuses comes without an answer of the protocol. */
function byStatus(response: Response): Refused {
  if (response.status === 401) return new Refused("unauthenticated", t("unknown"));
  if (response.status === 429)
    return new Refused("overloaded", t("later", { n: Number(response.headers.get("Retry-After") ?? 6) }));
  return new Refused("unavailable", t("busy"));
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
    ...(signal === undefined ? {} : { signal }),
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

function write(id: number, method: string, params: object): void {
  socket?.send(text(id, method, params));
}

async function postPending(id: number, asked: Pending): Promise<void> {
  pending.delete(id);
  try {
    const result = await post(asked.method, asked.params, token);
    learn(result);
    asked.done(result);
  } catch (error) {
    if (error instanceof Refused && error.code === "unauthenticated") leave(error.message);
    asked.failed(error as Error);
  }
}

function leave(why: string): void {
  disconnect();
  heard.expired(why);
}

function takeLogin(answer: Answer): void {
  if (answer.error) {
    if (answer.error.data?.code === "unauthenticated") leave(answer.error.message);
    else socket?.close(); // such as too many logins: later again
    return;
  }
  isIn = true;
  failures = 0;
  connection.value = "open";
  for (const [id, asked] of pending) write(id, asked.method, asked.params);
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
    if (answer.error) {
      asked?.failed(refusal(answer.error));
      if (answer.error.data?.code === "unauthenticated") leave(answer.error.message);
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
  its.onopen = () => write(LOGIN_ID, "session.login", { token, language: language.value });
  its.onmessage = (event) => its === socket && take(String(event.data));
  its.onclose = () => its === socket && closed();
}

/** Once it has failed twice, what waits goes by POST: a proxy in between may know no WebSocket. */
function closed(): void {
  socket = null;
  isIn = false;
  failures++;
  connection.value = failures > 2 && navigator.onLine ? "polling" : "lost";
  if (connection.value === "polling") for (const [id, asked] of pending) void postPending(id, asked);
  const pause =
    connection.value === "polling" ? WITHOUT_SOCKET_MS : Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
  clearTimeout(timer);
  timer = window.setTimeout(open, pause * (0.75 + Math.random() / 2));
}

export function connect(as: string): void {
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

export function ask<T>(method: string, params: object): Promise<T> {
  return new Promise<T>((done, failed) => {
    const id = ++lastId;
    const asked: Pending = { method, params, done: done as (result: unknown) => void, failed };
    pending.set(id, asked);
    if (isIn) write(id, method, params);
    else if (connection.value === "polling") void postPending(id, asked);
  });
}

/** The same question of many things, as one request; each is answered by itself. */
export function askEach<T>(method: string, each: object[]): Promise<T>[] {
  const asked = each.map((params) => {
    const id = ++lastId;
    return { id, params, answer: new Promise<T>((done, failed) => pending.set(id, { method, params, done: done as (result: unknown) => void, failed })) };
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

/** A method that writes; done once, however often it has to be sent. */
export function send<M extends keyof Writes>(method: M, params: Writes[M]["params"]): Promise<Writes[M]["result"]> {
  return ask(method, { ...params, request_id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` });
}
