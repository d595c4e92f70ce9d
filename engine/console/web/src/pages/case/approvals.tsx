// SPDX-License-Identifier: Apache-2.0
// Who agreed to what, who is still asked, and what has changed since.
import { call } from "../../lib/api";
import { keepAs } from "../../lib/files";
import { moment } from "../../lib/time";
import type { Case } from "../../lib/types";
import type { Ballot, ExplainedRule, RoundTold } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { isRefusing } from "../../parts/answer/decide";
import { choiceTitle } from "../../parts/choice";
import { Chip } from "../../parts/chip";
import { words } from "../../parts/states";
import { say } from "../../parts/toast";
import { Values } from "../../parts/values";
import type { Name } from "./page";
import { t } from "./texts";

interface Ended {
  outcome?: string;
  outcome_title?: string;
  at?: string;
}

const initials = (name: string) => [...name.trim()].slice(0, 1).join("").toUpperCase();

/** What is different now from the content that a ballot was given to. */
function Changed({ of, round, digest }: { of: Case; round: RoundTold; digest: string }) {
  const told = useCall("case.get", { case: of.case, approval: round.approval, seen: digest }, { live: of.case });
  const now = told.data?.approvals.find((one) => one.approval === round.approval && one.ended === undefined) as RoundTold | undefined;
  if (now?.changed === undefined) return null;
  const fields = now.changed.map((name) => of.field_titles[name] ?? name).join(", ");
  return <p class="changed">{now.changed.length === 0 ? t("no_change") : t("changed_since", { fields })}</p>;
}

function Person({ person, ballot, round, name }: { person: string; ballot?: Ballot; round: RoundTold; name: Name }) {
  const stale = ballot !== undefined && ballot.standing === false;
  return (
    <li class={ballot === undefined || stale ? "still" : "given"}>
      <span class="face" aria-hidden="true">
        {initials(name(person))}
      </span>
      <span class="who">
        <b>{name(person)}</b>
        {ballot?.on_behalf && <span class="quiet"> {t("behalf", { person: name(ballot.on_behalf) })}</span>}
        {ballot && <span class="quiet"> {moment(ballot.at)}</span>}
        {ballot?.comment && <q>{ballot.comment}</q>}
      </span>
      {ballot === undefined ? (
        <Chip>{t("still")}</Chip>
      ) : (
        <span class="chips">
          <Chip tone={stale ? "plain" : isRefusing(ballot.choice) ? "late" : "good"}>{choiceTitle(ballot.choice, round.choices)}</Chip>
          {stale && <Chip tone="soon">{t("older")}</Chip>}
        </span>
      )}
    </li>
  );
}

const SAID = { open: "open", yes: "met", no: "failed", "taken out": "out" } as const;
const toneOf = (says: string) => (says === "yes" ? "good" : says === "no" ? "late" : "plain") as "good" | "late" | "plain";

function ruleWords(rule: ExplainedRule, name: Name): string {
  const people = Object.keys(rule.people ?? {}).map(name).join(", ");
  switch (rule.rule) {
    case "at_least":
      return t("at_least", { n: rule.n ?? 1, people });
    case "weighted":
      return t("weights", { n: rule.n ?? 0, people });
    case "all_of":
    case "any_of":
    case "in_order":
      return t(rule.rule);
    default:
      return t("rule_other", { rule: rule.rule, people });
  }
}

/** The rule as a list; what does not apply to this case is left out. */
function Rule({ rule, name }: { rule: ExplainedRule; name: Name }) {
  const inner = (rule.rules ?? []).filter((one) => one.says !== "taken out");
  const says = rule.says in SAID ? t(SAID[rule.says as keyof typeof SAID]) : rule.says;
  return (
    <>
      {ruleWords(rule, name)} <Chip tone={toneOf(rule.says)}>{says}</Chip>
      {inner.length > 0 && (
        <ul>
          {inner.map((one, i) => (
            <li key={i}>
              <Rule rule={one} name={name} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Where each answer leads, and what happens when nobody gives one. */
function Leads({ of, round }: { of: Case; round: RoundTold }) {
  const told = useCall("case.get", { case: of.case, approval: round.approval }, { live: of.case });
  const its = told.data?.approvals.find((one) => one.approval === round.approval && one.ended === undefined) as RoundTold | undefined;
  if (its?.leads === undefined) return null;
  return (
    <details>
      <summary>{t("what_next")}</summary>
      <ul>
        {Object.entries(its.leads).map(([choice, states]) => (
          <li key={choice}>{t("leads", { choice: choiceTitle(choice, round.choices), state: states.join(", ") })}</li>
        ))}
        {(its.silence ?? []).map((one, i) => (
          <li key={i}>{t("silence", { outcome: one.outcome_title ?? one.outcome, time: moment(one.at) })}</li>
        ))}
      </ul>
    </details>
  );
}

/** The proof of the decision, byte for byte as the server made it. */
function Certificate({ of, round }: { of: Case; round: RoundTold }) {
  const take = async () => {
    try {
      const made = await call("certificate.get", { case: of.case, approval: round.approval, round: round.number, format: "html" });
      keepAs(new Blob([made.text], { type: made.type }), made.name);
    } catch (error) {
      say(words(error as Error), "bad");
    }
  };
  return (
    <button type="button" class="secondary outline small" onClick={() => void take()}>
      {t("certificate")}
    </button>
  );
}

function Round({ of, round, rule, name }: { of: Case; round: RoundTold; rule?: ExplainedRule | undefined; name: Name }) {
  const ballots = round.ballots as Ballot[];
  const stale = [...new Set(ballots.filter((one) => one.standing === false).map((one) => one.digest))];
  const asked = (round.pending ?? []).filter((person) => !ballots.some((one) => one.person === person || one.on_behalf === person));
  const ended = round.ended as Ended | undefined;
  return (
    <div class="round">
      <h3>
        {round.title} <span class="quiet">{t("round", { n: round.number })} · {t("round_since", { time: moment(round.opened_at) })}</span>
      </h3>
      {ended !== undefined && (
        <p>
          {t("result", { outcome: ended.outcome_title ?? ended.outcome ?? "" })}
          {ended.at !== undefined && <span class="quiet"> {moment(ended.at)}</span>} <Certificate of={of} round={round} />
        </p>
      )}
      <ul class="people">
        {ballots.map((ballot) => (
          <Person key={ballot.person + (ballot.on_behalf ?? "")} person={ballot.person} ballot={ballot} round={round} name={name} />
        ))}
        {ended === undefined && asked.map((person) => <Person key={person} person={person} round={round} name={name} />)}
      </ul>
      {round.not_needed && round.not_needed.length > 0 && <p class="quiet">{t("not_needed", { people: round.not_needed.map(name).join(", ") })}</p>}
      {ended === undefined && stale.map((digest) => <Changed key={digest} of={of} round={round} digest={digest} />)}
      {ended === undefined && round.covers && (
        <details>
          <summary>
            {t("content")} <code title={round.digest}>{t("version", { digest: round.digest.slice(0, 8) })}</code>
          </summary>
          <Values of={of} only={round.covers} />
        </details>
      )}
      {ended === undefined && <Leads of={of} round={round} />}
      {ended === undefined && rule && (
        <details>
          <summary>{t("needs")}</summary>
          <div class="rule">
            <Rule rule={rule} name={name} />
          </div>
        </details>
      )}
    </div>
  );
}

interface Props {
  of: Case;
  explained: { approval: string; number: number; rule?: ExplainedRule }[];
  name: Name;
}

export function Approvals({ of, explained, name }: Props) {
  const rounds = of.approvals as RoundTold[];
  const open = rounds.filter((round) => round.ended === undefined);
  const ended = rounds.filter((round) => round.ended !== undefined);
  if (rounds.length === 0) return null;
  const ruleOf = (round: RoundTold) => explained.find((one) => one.approval === round.approval && one.number === round.number)?.rule;
  return (
    <section class="card approvals" aria-labelledby="case-approvals">
      <h2 id="case-approvals">{t("approvals")}</h2>
      {open.map((round) => (
        <Round key={round.approval} of={of} round={round} rule={ruleOf(round)} name={name} />
      ))}
      {ended.length > 0 && (
        <details open={open.length === 0}>
          <summary>{t("earlier")}</summary>
          {ended.map((round) => (
            <Round key={round.approval + round.number} of={of} round={round} name={name} />
          ))}
        </details>
      )}
    </section>
  );
}
