// SPDX-License-Identifier: Apache-2.0
// One item of the inbox: what is asked, by whom, until when, and the answers.
import { useState } from "preact/hooks";
import { send } from "../../lib/api";
import { useKeys } from "../../lib/keys";
import { personName, projectName } from "../../lib/names";
import { at } from "../../lib/place";
import { who } from "../../lib/session";
import { counted, moment, size } from "../../lib/time";
import type { Case, InboxItem, Round } from "../../lib/types";
import { type Read, useCall } from "../../lib/use";
import { choiceTitle } from "../choice";
import { TimeLeft } from "../chip";
import { Failure, Skeleton, words } from "../states";
import { say } from "../toast";
import { Values } from "../values";
import { Comment } from "./comment";
import { Confirm } from "./confirm";
import { type Act, actsOf, agreeing, isRefusal, me, refusing } from "./decide";
import { t } from "./texts";

function Facts({ item, of }: { item: InboxItem; of: Case }) {
  return (
    <dl class="facts">
      {item.due !== null && (
        <div>
          <dt>{t("due")}</dt>
          <dd>{item.counts ? t("due_at", { time: moment(item.due), counts: counted(item.counts) }) : moment(item.due)}</dd>
        </div>
      )}
      <div>
        <dt>{t("state")}</dt>
        <dd>{of.states.map((name) => of.state_titles[name] ?? name).join(" · ")}</dd>
      </div>
      <div>
        <dt>{t("opened_by")}</dt>
        <dd>
          {personName(of.opener)}, {moment(of.opened_at)}
        </dd>
      </div>
      {of.project !== null && (
        <div>
          <dt>{t("project")}</dt>
          <dd>{projectName(of.project)}</dd>
        </div>
      )}
    </dl>
  );
}

export function Files({ of }: { of: Case }) {
  if (of.files.length === 0) return null;
  return (
    <>
      <h3>{t("files")}</h3>
      <ul class="files">
        {of.files.map((file) => (
          <li key={file.id}>
            <bdi>{file.name}</bdi> <span class="quiet">{size(file.size)}</span> <code>{file.sha256.slice(0, 12)}</code>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Who has answered, and who is still asked. */
function Answers({ round }: { round: Round }) {
  return (
    <>
      {round.ballots.length > 0 && (
        <ul class="ballots">
          {round.ballots.map((ballot) => (
            <li key={ballot.person}>
              {t("answered", { person: personName(ballot.person), choice: choiceTitle(ballot.choice, round.choices) })}
            </li>
          ))}
        </ul>
      )}
      {round.pending !== undefined && round.pending.length > 0 && (
        <p class="quiet">{t("pending", { people: round.pending.map(personName).join(" · ") })}</p>
      )}
    </>
  );
}

function Content({ item, of }: { item: InboxItem; of: Case }) {
  const can = item.can;
  const round =
    can?.method === "approval.vote" ? of.approvals.find((one) => one.approval === can.approval && one.ended === undefined) : undefined;
  if (round === undefined)
    return (
      <section>
        <h3>{t("facts")}</h3>
        <Values of={of} />
        <Files of={of} />
      </section>
    );
  return (
    <>
      <section class="agreed">
        <h3>
          {t("agreed_part")} <code title={item.digest}>{t("version", { digest: (item.digest ?? round.digest).slice(0, 8) })}</code>
        </h3>
        <Values of={of} only={round.covers} />
        <Files of={of} />
        <Answers round={round} />
      </section>
      <details>
        <summary>{t("also")}</summary>
        <Values of={of} />
      </details>
    </>
  );
}

function Buttons({ acts, choose, comment }: { acts: Act[]; choose: (act: Act) => void; comment: () => void }) {
  const a = agreeing(acts);
  const r = refusing(acts);
  return (
    <div class="acts">
      {acts.map((act) => (
        <button
          key={act.do + act.name}
          type="button"
          class={act === a ? "" : isRefusal(act) ? "outline danger" : "secondary outline"}
          onClick={() => choose(act)}
        >
          {act.title}
          {act === a && <kbd aria-hidden="true">a</kbd>}
          {act === r && <kbd aria-hidden="true">r</kbd>}
        </button>
      ))}
      <button type="button" class="secondary outline" onClick={comment}>
        {t("comment")}
        <kbd aria-hidden="true">c</kbd>
      </button>
    </div>
  );
}

interface Props {
  item: InboxItem;
  of: Read<Case>; // asked with names
  back: () => void;
  again: () => void;
}

/** The case is read beside the item; who shows more of it has read it already. */
export function AskedAlone({ item, back, again }: Omit<Props, "of">) {
  const of = useCall("case.get", { case: item.case, names: true }, { live: item.case });
  return <Asked item={item} of={of} back={back} again={again} />;
}

export function Asked({ item, of, back, again }: Props) {
  const may = useCall(
    "case.allowed",
    item.on_behalf ? { case: item.case, on_behalf: item.on_behalf } : { case: item.case },
    { live: item.case },
  );
  const [act, setAct] = useState<Act | null>(null);
  const [commenting, setCommenting] = useState(false);
  const acts = of.data && may.data ? actsOf(item, of.data, may.data) : [];

  const choose = (to: Act | undefined) => {
    if (to === undefined) return;
    if (to.do === "take" || to.do === "retry") void atOnce(to);
    else setAct(to);
  };
  // What can be given back, or is only tried again, is not asked about twice.
  const atOnce = async (to: Act) => {
    try {
      const done =
        to.do === "take"
          ? await send("case.assign", { case: item.case, to: me(), state: item.state })
          : await send("case.retry", { case: item.case });
      say(t("recorded", { entry: done.entry }));
      again();
    } catch (error) {
      say(words(error as Error), "bad");
    }
  };
  useKeys([
    { key: "a", does: t("key_agree"), run: () => choose(agreeing(acts)) },
    { key: "r", does: t("key_reject"), run: () => choose(refusing(acts)) },
    { key: "c", does: t("key_comment"), run: () => setCommenting(true) },
  ]);

  const error = of.error ?? may.error;
  return (
    <article class="asked" aria-labelledby="asked">
      <button type="button" class="back secondary outline" onClick={back}>
        ← {t("back")}
      </button>
      <header>
        <p class="quiet">
          <a class="key" href={at("case", item.case)} title={t("open_case")}>
            {item.case}
          </a>{" "}
          · {of.data?.title} · {t(item.kind)}
          {item.on_behalf && ` · ${t("behalf", { person: personName(item.on_behalf) })}`}
        </p>
        <h2 id="asked">
          <bdi>{item.title}</bdi>
        </h2>
        <p class="chips">
          <TimeLeft item={item} />
          {item.why !== null && <span class="quiet">{item.why}</span>}
        </p>
        {item.kind === "stuck" && of.data?.stuck?.message && (
          <p class="wrong">
            <bdi>{of.data.stuck.message}</bdi>
          </p>
        )}
      </header>
      {of.data === null || may.data === null ? (
        error ? <Failure error={error} again={of.reload} /> : <Skeleton />
      ) : (
        <>
          <Buttons acts={acts} choose={choose} comment={() => setCommenting(true)} />
          <Content item={item} of={of.data} />
          <Facts item={item} of={of.data} />
        </>
      )}
      {act && of.data && <Confirm act={act} item={item} of={of.data} close={() => setAct(null)} again={again} />}
      {commenting && <Comment item={item} close={() => setCommenting(false)} forTeam={who.value?.client === null} />}
    </article>
  );
}
