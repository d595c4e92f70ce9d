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
  await dialog.getByLabel("Stand-in").fill("nobody-here");
  await dialog.getByLabel("Until").fill("2026-01-20T09:00");
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.getByRole("alert").waitFor(); // what was typed stays
  await dialog.getByLabel("Stand-in").fill("sun");
  await dialog.getByRole("button", { name: "Save" }).click();
  await away.getByRole("cell", { name: "sun", exact: true }).waitFor();
  const { items } = await site.call("sun", "delegation.list");
  assert.deepEqual(items.map((one) => [one.person, one.to]), [["wang", "sun"]]);
  assert.deepEqual(await serious(page), []);
  await shot(page, "preferences");
  await away.getByRole("button", { name: "End: wang → sun" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Do it" }).click();
  await away.getByText("There is none yet.").waitFor();
  assert.deepEqual((await site.call("sun", "delegation.list")).items, []);
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
