// SPDX-License-Identifier: Apache-2.0
// What everybody sets for themselves, team and client: languages, a stand-in, where they are signed in, their calendar.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

const section = (page, name) => page.getByRole("region", { name });

test("the language of mails and that of the pages are two things", async () => {
  const page = await site.open("wang", "/console/");
  await page.locator(".account summary").click();
  await page.getByRole("link", { name: "Preferences" }).click();
  await page.getByRole("heading", { name: "Preferences" }).waitFor();
  await page.getByLabel("Language of mails and notices").selectOption("zh");
  await page.getByText("Kept.").waitFor();
  assert.equal((await site.call("wang", "own.get")).language, "zh");
  await page.getByRole("heading", { name: "Preferences" }).waitFor(); // the pages stay as they were
  await section(page, "How it looks here").getByLabel("Language").selectOption("zh");
  await page.getByRole("heading", { name: "偏好设置" }).waitFor();
  await page.getByLabel("邮件和通知的语言").selectOption("");
  await page.getByText("已保存。").first().waitFor();
  assert.equal((await site.call("wang", "own.get")).language, null);
});

test("somebody stands in while one is away, and what they may do ends early", async () => {
  const page = await site.open("wang", "/console/preferences");
  const away = section(page, "When you are away");
  await away.getByRole("button", { name: "Add" }).click();
  const dialog = page.getByRole("dialog");
  const stand_in = dialog.getByLabel("Stand-in");
  const sides = (await site.call("li", "person.list", { limit: 500 })).items.filter((one) => one.client === null && one.person !== "wang");
  await stand_in.locator("option").nth(sides.length).waitFor({ state: "attached" });
  assert.deepEqual(await stand_in.locator("option").evaluateAll((all) => all.map((one) => one.value)), ["", ...sides.map((one) => one.person)]);
  assert.deepEqual(await serious(page), []);
  await stand_in.focus();
  await page.keyboard.type("Sun"); // by its name, as keyboards choose
  assert.equal(await stand_in.inputValue(), "sun");
  await dialog.getByLabel("Until").fill("2026-01-01T09:00");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").waitFor(); // it is over already; what was chosen stays
  assert.equal(await stand_in.inputValue(), "sun");
  await dialog.getByLabel("Until").fill("2026-01-20T09:00");
  await dialog.getByRole("button", { name: "Save" }).click();
  await away.getByRole("cell", { name: /^Sun Hao/ }).waitFor();
  const { items } = await site.call("sun", "delegation.list");
  assert.deepEqual(items.map((one) => [one.person, one.to]), [["wang", "sun"]]);
  assert.deepEqual(await serious(page), []);
  await shot(page, "preferences");
  await away.getByRole("button", { name: /^End: Wang Lei.* → Sun Hao/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Do it" }).click();
  await away.getByText("There is none yet.").waitFor();
  assert.deepEqual((await site.call("sun", "delegation.list")).items, []);
});

test("a client's person is offered the people of their client, and nobody else", async () => {
  const page = await site.open("mei", "/portal/preferences");
  await section(page, "When you are away").getByRole("button", { name: "Add" }).click();
  const stand_in = page.getByRole("dialog").getByLabel("Stand-in");
  await stand_in.locator("option").nth(1).waitFor({ state: "attached" });
  const theirs = (await site.call("li", "person.list", { client: "acme" })).items.map((one) => one.person).filter((one) => one !== "mei");
  assert.deepEqual(await stand_in.locator("option").evaluateAll((all) => all.map((one) => one.value)), ["", ...theirs]);
  assert.deepEqual(await serious(page), []);
});

/** The server's answer to the page comes when it comes. */
async function comesToBe(wanted) {
  const sorted = (of) => JSON.stringify(Object.entries(of).sort());
  for (let tries = 0; tries < 200 && sorted((await site.call("wang", "own.get")).notices) !== sorted(wanted); tries++);
  assert.deepEqual((await site.call("wang", "own.get")).notices, wanted);
}

test("each kind of message comes as its person wants it", async () => {
  const page = await site.open("wang", "/console/preferences");
  const notices = section(page, "What is sent to you");
  await notices.getByText("comes by mail as usual, whatever is set here").waitFor();
  assert.deepEqual(await notices.getByLabel("What is asked of you").locator("option").evaluateAll((all) => all.map((one) => one.value)), ["", "hourly", "daily"]);
  await notices.getByLabel("News").selectOption({ label: "Not by mail" });
  await page.getByText("Kept.").first().waitFor();
  await notices.getByLabel("Reminders").selectOption("daily");
  const time = notices.getByLabel("Daily mail comes at");
  await time.fill("08:30");
  await time.blur();
  const set = { asked: null, reminders: "daily", news: "console", escalations: null, daily_at: "08:30" };
  await comesToBe(set);
  const lead = await site.open("li", "/console/admin/people");
  await lead.getByText("News: Not by mail", { exact: false }).waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "preferences-notices");
  await notices.getByLabel("News").selectOption("");
  await notices.getByLabel("Reminders").selectOption("");
  await time.waitFor({ state: "detached" });
  await comesToBe({ ...set, reminders: null, news: null });
});

test("a lost browser is signed out, and this one is not offered", async () => {
  const { token } = await site.call("li", "token.create", { person: "sun", name: "old laptop" });
  const page = await site.open("sun", "/console/preferences");
  const sessions = section(page, "Where you are signed in");
  await sessions.getByText("this one").waitFor();
  assert.equal(await sessions.getByRole("button", { name: /^End/ }).count(), 1);
  await sessions.getByRole("button", { name: "End: old laptop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Do it" }).click();
  await sessions.getByText("old laptop", { exact: true }).waitFor({ state: "detached" });
  const answer = await fetch(`${site.url}/rpc`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "session.whoami" }),
  });
  assert.equal(answer.status, 401);
});

test("a calendar's address is shown once and reads what waits", async () => {
  const page = await site.open("tom", "/portal/preferences", { width: 390, height: 1500 });
  const feeds = section(page, "In your calendar");
  await feeds.getByRole("button", { name: "Add" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  const address = await page.getByRole("dialog", { name: "Shown this once" }).getByRole("textbox").inputValue();
  assert.match(await (await fetch(address)).text(), /^BEGIN:VCALENDAR/);
  await page.keyboard.press("Escape");
  assert.deepEqual(await serious(page), []);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
  await shot(page, "preferences-portal-phone");
});

for (const [language, theme] of [["en", "dark"], ["zh", "light"], ["zh", "dark"]])
  test(`it can be read by everybody: ${language}, ${theme}`, async () => {
    for (const width of [1280, 390]) {
      const page = await site.open("li", "/console/preferences", { language, theme, width, height: 1100 });
      await page.locator(".noun table, .noun .quiet").first().waitFor();
      assert.deepEqual(await serious(page), []);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the screen: ${widths}`);
      await shot(page, `preferences-${language}-${theme}-${width}`);
    }
  });
