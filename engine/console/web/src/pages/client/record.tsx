// SPDX-License-Identifier: Apache-2.0
// What passed between the team and a client: noted calls, meetings and mails, and what the client's people were told.
import { useState } from "preact/hooks";
import { call, send } from "../../lib/api";
import { language } from "../../lib/i18n";
import { personName } from "../../lib/names";
import { at } from "../../lib/place";
import { moment } from "../../lib/time";
import { titled } from "../../lib/titled";
import type { Communication, Contact, Noted } from "../../lib/types_team";
import { useCall } from "../../lib/use";
import { Chip, type Tone } from "../../parts/chip";
import { channel, KINDS } from "../../parts/channel";
import { FormDialog } from "../../parts/form_dialog";
import { Failure, Skeleton, words } from "../../parts/states";
import { say } from "../../parts/toast";
import { t } from "./texts";

const SHOWN = 20;
const SENT = [["mail", "plain"], ["portal", "plain"], ["waiting", "soon"], ["failed", "late"]] as const satisfies [string, Tone][];

function Line({ one }: { one: Communication }) {
  const noted = one.how === "noted";
  const about = noted ? String(one.fields?.summary ?? one.case) : [one.title, one.text].filter(Boolean).join(": ");
  const [sent, tone] = SENT.find(([sent]) => sent === one.sent) ?? [null, "plain"];
  const kind = noted && typeof one.fields?.kind === "string" ? one.fields.kind : null;
  return (
    <li class="case-line">
      {one.case === null ? (
        <bdi>{about}</bdi>
      ) : (
        <a href={at("case", one.case)}>
          <bdi>{about}</bdi>
        </a>
      )}
      <span class="chips">
        {kind !== null && <Chip>{channel(kind)}</Chip>}
        {noted && one.outcome === null && <Chip tone="soon">{t("not_done")}</Chip>}
        {sent !== null && <Chip tone={tone}>{t(sent)}</Chip>}
      </span>
      <span class="quiet">
        {moment(noted && typeof one.fields?.happened === "string" ? one.fields.happened : one.at)}
        {" · "}
        {noted ? t("noted_by", { who: personName(one.opener ?? "") }) : t("told_to", { who: personName(one.person ?? "") })}
        {noted && typeof one.fields?.promise === "string" && ` · ${t("promised", { what: one.fields.promise, day: String(one.fields.promised_for ?? "") })}`}
      </span>
    </li>
  );
}

function Note({ client, contacts, close, done }: { client: string; contacts: Contact[]; close: () => void; done: () => void }) {
  const [texts, setTexts] = useState<Record<string, string>>({ kind: "call" });
  const [whom, setWhom] = useState("");
  /** Whoever is chosen proposes their channel. */
  const choose = (person: string) => {
    const kind = KINDS.find((one) => one === contacts.find((contact) => contact.person === person)?.channel);
    setWhom(person);
    if (kind !== undefined) setTexts({ ...texts, kind });
  };
  const set = (name: string) => (event: { currentTarget: { value: string } }) => setTexts({ ...texts, [name]: event.currentTarget.value });
  const save = async () => {
    const params = { client, summary: "" } as Noted;
    for (const [name, text] of Object.entries(texts)) if (text.trim() !== "") (params as unknown as Record<string, string>)[name] = text.trim();
    if (whom !== "") params.contacts = [whom];
    await send("communication.add", params);
    done();
  };
  return (
    <FormDialog title={t("note")} close={close} submit={t("save")} run={save}>
      <p class="quiet">{t("note_why")}</p>
      <label>
        {t("about")}
        <input required value={texts.summary ?? ""} autocomplete="off" onInput={set("summary")} />
      </label>
      <label>
        {t("with")}
        <select value={whom} onChange={(event) => choose(event.currentTarget.value)}>
          <option value="" />
          {contacts.filter((one) => one.active).map((one) => (
            <option key={one.person} value={one.person}>
              {titled(one.title, one.person)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("channel")}
        <select value={texts.kind} onChange={set("kind")}>
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {channel(kind)}
            </option>
          ))}
        </select>
      </label>
      <label>
        {t("notes")}
        <textarea rows={3} value={texts.notes ?? ""} onInput={set("notes")} />
      </label>
      <label>
        {t("promise")}
        <input value={texts.promise ?? ""} autocomplete="off" onInput={set("promise")} />
      </label>
      <label>
        {t("promised_for")}
        <input type="date" value={texts.promised_for ?? ""} onInput={set("promised_for")} />
      </label>
    </FormDialog>
  );
}

export function Record({ client, contacts, heard }: { client: string; contacts: Contact[]; heard: Record<string, string> }) {
  const first = useCall("communication.list", { client, names: true, limit: SHOWN }, { live: true });
  const [older, setOlder] = useState<{ of: string; items: Communication[]; cursor: string | null } | null>(null);
  const [noting, setNoting] = useState(false);
  if (first.data === null) return first.error ? <Failure error={first.error} again={first.reload} /> : <Skeleton />;
  const more = older !== null && older.of === `${client} ${language.value}` ? older : null;
  const items = [...first.data.items, ...(more?.items ?? [])];
  const cursor = more ? more.cursor : first.data.cursor;
  const ways = Object.entries(heard).map(([way, when]) => `${channel(way)} ${moment(when)}`).join(t("comma"));
  const read = () =>
    void call("communication.list", { client, names: true, limit: SHOWN, cursor: cursor ?? "" }).then((page) =>
      setOlder({ of: `${client} ${language.value}`, items: [...(more?.items ?? []), ...page.items], cursor: page.cursor }),
      (error: Error) => say(words(error), "bad"),
    );
  return (
    <section class="card" aria-labelledby="client-record">
      <h2 id="client-record">{t("record")}</h2>
      {items.length === 0 && <p class="quiet">{t("no_record")}</p>}
      {ways.length > 0 && <p class="quiet">{t("heard", { ways })}</p>}
      <ul class="case-lines">
        {items.map((one, i) => (
          <Line key={`${one.at} ${one.case} ${one.person} ${i}`} one={one} />
        ))}
      </ul>
      <p>
        <button type="button" class="secondary outline small" onClick={() => setNoting(true)}>
          {t("note")}
        </button>{" "}
        {cursor !== null && (
          <button type="button" class="secondary outline small" onClick={read}>
            {t("older")}
          </button>
        )}
      </p>
      {noting && <Note client={client} contacts={contacts} close={() => setNoting(false)} done={first.reload} />}
    </section>
  );
}
