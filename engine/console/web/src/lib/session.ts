// SPDX-License-Identifier: Apache-2.0
// Who is signed in: a token, kept for this tab or, if wished, for this browser.
import { signal } from "@preact/signals";
import { connect, disconnect, heard, post, reconnect, Refused } from "./api";
import { isChosen, language, speak } from "./i18n";
import { keep, kept } from "./kept";
import { forget, watch } from "./live";
import { unlearn } from "./names";
import type { Person } from "./types";

const NAME = "token";

/** undefined: being found out. */
export const who = signal<Person | null | undefined>(undefined);
/** Why somebody has been signed out, in the server's words. */
export const ended = signal<string | null>(null);

let token: string | null = null;

heard.entered = (person) => {
  if (who.value !== undefined) who.value = person; // at the start of a page their language comes first, see begin()
  void watch();
};

heard.expired = (why) => {
  keep(NAME, null);
  keep(NAME, null, sessionStorage);
  token = null;
  forget();
  unlearn();
  who.value = null;
  ended.value = why;
};

function begin(as: string, person: Person): void {
  const spoken = language.value;
  token = as;
  if (!isChosen()) speak(person.language, false);
  ended.value = null;
  connect(as);
  if (language.value !== spoken) reconnect();
  who.value = person;
}

/** Throws Refused when the token is no good. A person's language goes before the browser's. */
export async function signIn(as: string, remember: boolean): Promise<void> {
  const person = await post<Person>("session.whoami", {}, as);
  keep(NAME, as, remember ? localStorage : sessionStorage);
  begin(as, person);
}

/** Makes a token of the secret of a sign-in link, which is then used up. */
export async function enter(secret: string, remember: boolean): Promise<void> {
  const made = await post<{ token: string }>("session.enter", { secret, keep: remember }, null);
  await signIn(made.token, remember);
}

/** Asks for a link by mail. The answer is the same whether somebody of that name is known or not. */
export async function askForLink(name: string): Promise<void> {
  await post("session.link", { who: name }, null);
}

/** The token that was made for this browser ends with it; one that was typed in stays good elsewhere. */
export async function signOut(): Promise<void> {
  const its = token;
  keep(NAME, null);
  keep(NAME, null, sessionStorage);
  token = null;
  disconnect();
  forget();
  unlearn();
  who.value = null;
  if (its !== null) await post("session.end", {}, its).catch(() => undefined);
}

const remembered = (): string | null => kept(NAME, sessionStorage) ?? kept(NAME);

/** Will the page that is asked for be shown? */
export const isRemembered = (): boolean => remembered() !== null;

/** At the start of the page: goes on as who was signed in, if the token still is good. The connection is opened while
 * that is asked: over a slow line every round trip is seen. */
export async function resume(): Promise<void> {
  const found = remembered();
  if (found === null) {
    who.value = null;
    return;
  }
  connect(found);
  try {
    begin(found, await post<Person>("session.whoami", {}, found));
  } catch (error) {
    if (error instanceof Refused && error.code === "unauthenticated") {
      disconnect();
      heard.expired(error.message);
    }
    else setTimeout(() => void resume(), 2000); // no connection yet: the page shows that it waits
  }
}

/** May the person do what the team's leads do? */
export const isLead = (): boolean => who.value?.lead === true;
