// SPDX-License-Identifier: Apache-2.0
// Administration: people, roles, groups, stand-ins, tokens, deliveries, calendars. Leads keep all of it; everybody
// sets their own stand-ins and sees the calendars.
import { useLocation } from "preact-iso";
import { at } from "../../lib/place";
import { isLead } from "../../lib/session";
import { useTitle } from "../../lib/title";
import { Section } from "../../parts/section";
import { Alarms } from "./alarms";
import { nouns } from "./nouns";
import { t } from "./texts";

export default function Admin({ params }: { params: { noun?: string } }) {
  const { route } = useLocation();
  const all = nouns(isLead());
  const noun = all.find((one) => one.id === params.noun) ?? all[0];
  useTitle(t("title"));
  return (
    <div class="page admin">
      <header>
        <h1>{t("title")}</h1>
        {!isLead() && <p class="quiet">{t("forLeads")}</p>}
      </header>
      {isLead() && <Alarms />}
      <div class="admin-grid">
        <nav aria-label={t("sections")}>
          <select aria-label={t("sections")} value={noun?.id} onChange={(event) => route(at("admin", event.currentTarget.value))}>
            {all.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </select>
          <ul>
            {all.map((one) => (
              <li key={one.id}>
                <a href={at("admin", one.id)} aria-current={one === noun ? "page" : undefined}>
                  {one.title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        {noun && <Section key={noun.id} noun={noun} />}
      </div>
    </div>
  );
}
