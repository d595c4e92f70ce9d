// SPDX-License-Identifier: Apache-2.0
// What persons, projects and clients are called. Answers of case.get, case.list and inbox.list bring it along when they
// are asked with names: true, and those of case.history in their titles; whatever comes is remembered here.
//
//   personName("mei")   "Mei Lin", or "mei" as long as nobody has said
import { signal } from "@preact/signals";

interface Names {
  people?: Record<string, string>;
  projects?: Record<string, string>;
  clients?: Record<string, string>;
}

const known = signal<Required<Names>>({ people: {}, projects: {}, clients: {} });

function isNew(names: Record<string, string> | undefined, old: Record<string, string>): boolean {
  return names !== undefined && Object.entries(names).some(([key, title]) => old[key] !== title);
}

/** Takes what an answer brings. */
export function learn(answer: unknown): void {
  const { names, titles } = (answer ?? {}) as { names?: Names; titles?: { people?: Record<string, string> } };
  const old = known.peek();
  const news: Names = { ...names, ...(names?.people === undefined && titles?.people ? { people: titles.people } : {}) };
  if (!isNew(news.people, old.people) && !isNew(news.projects, old.projects) && !isNew(news.clients, old.clients)) return;
  known.value = {
    people: { ...old.people, ...news.people },
    projects: { ...old.projects, ...news.projects },
    clients: { ...old.clients, ...news.clients },
  };
}

/** Another person's are none of the next one's. */
export function unlearn(): void {
  known.value = { people: {}, projects: {}, clients: {} };
}

/** Those whose names have come so far, by key. */
export const knownPeople = (): [string, string][] => Object.entries(known.value.people).sort();

export const personName = (key: string): string => known.value.people[key] ?? key;
export const clientName = (key: string): string => known.value.clients[key] ?? key;
export const projectName = (key: string): string => known.value.projects[key] ?? key;
