// SPDX-License-Identifier: Apache-2.0
// Two at once: while one looks, or has a form open, the other acts. What the other did is seen without a reload, what
// was typed stays, and who comes second is told why it did not count, in their language.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

const opened = async (summary) =>
  (await site.call("mei", "case.open", { workflow: "change_request", project: "acme-erp", fields: { summary, reason: "They ask for it" } })).case;
const submitted = async (summary) => {
  const key = await opened(summary);
  await site.call("mei", "case.fire", { case: key, event: "submit" });
  return key;
};
const reprice = (key) => site.call("li", "case.edit", { case: key, fields: { cost: "90000.00" } });
const TYPED = "Half a sentence";
const MEANWHILE = { en: /has changed meanwhile/, zh: /在此期间已变更/ };
const words = { en: { edit: "Edit the fields", add: "Add", move: "Move", save: "Save" }, zh: { edit: "修改字段", add: "添加", move: "移动", save: "保存" } };

/** The dialog with the last look before a ballot, with something typed into it. */
async function ballot(page, title) {
  const row = page.getByRole("button", { name: new RegExp(title) });
  if (page.url().endsWith("/console/")) await row.click();
  await page.getByRole("heading", { name: title }).waitFor();
  await page.locator(".acts button").first().click();
  await page.getByRole("dialog").getByRole("textbox").fill(TYPED);
}
const confirm = (page) => page.getByRole("dialog").locator("button[type=submit]").click();

// begin: what there is before; path: of it. types: fills something in. acts: the other one. sees: what they did.
// box: where the text still stands. late: the second comes, and is told this.
const rows = {
  "a case, its fields being edited": {
    who: "li", begin: (name) => site.change(name), path: (key) => `/console/case/${key}`,
    types: async (page, _, t) => {
      await page.getByRole("button", { name: t.edit }).click();
      await page.getByRole("dialog").locator("textarea").last().fill(TYPED);
    },
    acts: reprice,
    sees: (page) => page.locator(".case-main").getByText("90,000.00").first(),
    box: (page) => page.getByRole("dialog").locator("textarea").last(),
    late: { does: confirm, says: MEANWHILE },
  },
  "the inbox, an answer being given": {
    who: "wang", begin: (name) => site.change(name), path: () => "/console/", types: ballot,
    acts: reprice,
    sees: (page) => page.locator(".asked").getByText("90,000.00").first(),
    box: (page) => page.getByRole("dialog").getByRole("textbox"),
    late: { does: confirm, says: { en: /Changed meanwhile: Cost/, zh: /在此期间已变更：费用|在此期间已变更：成本/ } },
  },
  "the board, a card being moved": {
    who: "li", begin: submitted, path: () => "/console/board/change_request",
    types: async (page, name) => {
      await page.locator(".board-card").filter({ hasText: name }).getByRole("button").click();
      await page.getByRole("dialog").locator(".moves button").first().waitFor();
    },
    acts: (key) => site.call("li", "case.fire", { case: key, event: "accept" }),
    sees: (page, name) => page.locator(".column").filter({ hasText: /Estimating|估算|评估/ }).getByText(name).first(),
    late: { does: (page) => page.getByRole("dialog").locator(".moves button").first().click(), says: MEANWHILE },
  },
  "a project": {
    who: "li", begin: opened, path: () => "/console/project/acme-erp",
    acts: (_, name) => opened(`${name} too`),
    sees: (page, name) => page.getByText(`${name} too`),
  },
  "a client": {
    who: "li", begin: opened, path: () => "/console/client/acme",
    acts: (_, name) => opened(`${name} too`),
    sees: (page, name) => page.getByText(`${name} too`),
  },
  "the administration, somebody being added": {
    who: "li", begin: async (name) => `p${name.length}${name.charCodeAt(0)}`, path: () => "/console/admin/people",
    types: async (page, _, t, key) => {
      await page.getByRole("button", { name: t.add, exact: true }).click();
      await page.getByRole("dialog").locator("input").first().fill(key);
      await page.getByRole("dialog").locator("input").nth(1).fill(TYPED);
    },
    acts: (key) => site.call("li", "person.create", { person: key, title: "The other one" }),
    sees: (page, _, key) => page.locator("tbody").getByText(key, { exact: true }).first(),
    box: (page) => page.getByRole("dialog").locator("input").nth(1),
    late: { does: confirm, says: { en: /already|exists/i, zh: /已|存在/ } },
  },
  "the portal, a question being asked": {
    who: "tom", begin: (name) => site.change(name), path: (key) => `/portal/case/${key}`,
    types: (page) => page.locator(".portal-ask textarea").fill(TYPED),
    acts: (key, name) => site.call("li", "case.comment", { case: key, text: `About ${name}`, shared: true }),
    sees: (page, name) => page.getByText(`About ${name}`),
    box: (page) => page.locator(".portal-ask textarea"),
  },
  "the portal, an answer being given": {
    who: "tom", begin: (name) => site.change(name), path: (key) => `/portal/case/${key}`, types: ballot,
    acts: reprice,
    sees: (page) => page.locator(".asked .agreed").getByText("90,000.00").first(),
    box: (page) => page.getByRole("dialog").getByRole("textbox"),
    late: { does: confirm, says: { en: /Changed meanwhile: Cost/, zh: /在此期间已变更：费用|在此期间已变更：成本/ } },
  },
  "the portal's first page": {
    who: "tom", begin: opened, path: () => "/portal/",
    acts: (_, name) => site.change(`${name} too`),
    sees: (page, name) => page.locator(".portal-card").filter({ hasText: `${name} too` }),
  },
};

for (const [what, row] of Object.entries(rows))
  for (const language of row.late ? ["en", "zh"] : ["en"])
    test(`${what}: the other one's act is seen, what was typed stays (${language})`, async () => {
      const name = `${language === "en" ? "One" : "Zwei"} ${what.replaceAll(/[^a-z ]/g, "")}`;
      const key = await row.begin(name);
      const page = await site.open(row.who, row.path(key), { language });
      await page.locator("h1, h2").first().waitFor();
      if (row.types) await row.types(page, name, words[language], key);
      else await page.getByText(name).first().waitFor();
      await row.acts(key, name);
      await row.sees(page, name, key).waitFor({ state: "attached" });
      if (row.box) assert.equal(await row.box(page).inputValue(), TYPED);
      if (row.late) {
        await row.late.does(page);
        const told = page.locator("dialog [role=alert], .toast.bad").first();
        await told.waitFor();
        assert.match(await told.textContent(), row.late.says[language]);
        if (row.box) assert.equal(await row.box(page).inputValue(), TYPED);
        await shot(page, `two-${language}-${Object.keys(rows).indexOf(what)}`);
      }
      await page.context().close();
    });
