// SPDX-License-Identifier: Apache-2.0
// What people were told: newest first, what is unread, by which way it came, page by page, live, for team and client.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

/** li is told, and sun with them. */
const tell = (day) => site.call("li", "delegation.set", { to: "sun", until: `2026-03-${String(day).padStart(2, "0")}T09:00:00+08:00` });

test("nothing was told yet, and then something is, live and counted", async () => {
  const page = await site.open("sun", "/console/");
  await page.getByRole("link", { name: "Messages", exact: true }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await page.getByText("You have not been told anything yet").waitFor();
  assert.deepEqual(await serious(page), []);
  await shot(page, "messages-none");
  await tell(1);
  const row = page.locator(".messages-list li").first();
  await row.getByText("stands in for").waitFor();
  await row.getByText("here only").waitFor(); // nobody sends mails here
  await page.getByRole("link", { name: /^Messages ?1$/ }).waitFor();
  await row.getByRole("button", { name: /^Mark as read: / }).focus();
  await page.keyboard.press("Enter");
  await row.getByText("unread").waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Messages", exact: true }).waitFor();
  assert.equal((await site.call("sun", "inbox.count")).unread, 0);
});

test("the newest stands first, older ones behind, and all are read at once", async () => {
  for (let day = 2; day <= 31; day++) await tell(day);
  await tell(1);
  const page = await site.open("sun", "/console/messages");
  const rows = page.locator(".messages-list li");
  await rows.first().getByText("until 2026-03-01").waitFor();
  assert.equal(await rows.count(), 30);
  await page.getByRole("button", { name: "Older" }).click();
  await page.waitForFunction(() => document.querySelectorAll(".messages-list li").length === 2);
  await rows.last().getByText("until 2026-03-01").waitFor();
  await page.getByRole("button", { name: "Newer" }).click();
  await rows.nth(29).waitFor();
  await page.getByLabel("Only what is unread").check();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await page.getByText("You have read everything").waitFor();
  assert.equal((await site.call("sun", "inbox.count")).unread, 0);
  await page.getByRole("button", { name: "Show all messages" }).click();
  await rows.nth(29).waitFor();
});

test("a message leads to its case, which reads it; nothing in it is run", async () => {
  const key = await site.change('<img src=x onerror="window.hit=1">');
  await site.call("admin", "clock.advance", { by: "7 days" });
  const page = await site.open("li", "/console/messages");
  const link = page.locator(".messages-list").getByRole("link").filter({ hasText: key }).first();
  await link.waitFor();
  await shot(page, "messages");
  assert.deepEqual(await serious(page), []);
  const before = (await site.call("li", "inbox.count")).unread;
  await link.click();
  await page.waitForURL(`**/console/case/${key}`);
  await page.getByRole("heading").first().waitFor();
  assert.equal(await page.evaluate(() => window.hit), undefined);
  for (let tries = 0; tries < 100 && (await site.call("li", "inbox.count")).unread === before; tries++);
  assert.equal((await site.call("li", "inbox.count")).unread, before - 1);
});

test("a client's person has theirs in the portal, in their language", async () => {
  const page = await site.open("mei", "/portal/messages", { language: "zh", width: 390, height: 1000 });
  await page.getByRole("heading", { name: "消息" }).waitFor();
  await page.locator(".messages-list li").first().waitFor();
  assert.deepEqual(await serious(page), []);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(widths[0] <= widths[1], `it is wider than the phone: ${widths}`);
  await shot(page, "messages-portal-zh-phone");
});

for (const [language, theme] of [["en", "dark"], ["zh", "light"], ["zh", "dark"]])
  test(`it can be read by everybody: ${language}, ${theme}`, async () => {
    for (const width of [1280, 390]) {
      const page = await site.open("li", "/console/messages", { language, theme, width, height: 1000 });
      await page.locator(".messages-list li").first().waitFor();
      assert.deepEqual(await serious(page), []);
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert.ok(widths[0] <= widths[1], `it is wider than the screen: ${widths}`);
      await shot(page, `messages-${language}-${theme}-${width}`);
    }
  });
