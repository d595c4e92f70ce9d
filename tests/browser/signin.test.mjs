// SPDX-License-Identifier: Apache-2.0
// Signing in: by a link, by a token; staying signed in; signing out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { serious, shot, Site } from "./harness.mjs";

let site;
before(async () => {
  site = await Site.start();
});
after(() => site.stop());

const linkFor = async (person) => (await site.call("li", "link.login", { person })).path;

test("opening a link signs nobody in; the button does, once, and the link is gone from the address", async () => {
  const path = await linkFor("wang");
  const page = await site.open(null, path);
  await page.getByText("You have opened a link that signs you in").waitFor();
  assert.equal((await site.call("li", "token.list", { person: "wang" })).items.filter((token) => token.name === "sign-in").length, 0);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  assert.ok(!page.url().includes("enter"), page.url());
  const second = await site.open(null, path);
  await second.getByRole("button", { name: "Sign in" }).click();
  await second.getByText("good once").waitFor();
  await second.getByRole("button", { name: "Send me a sign-in link" }).click();
  await second.getByLabel("Your mail address or name").waitFor();
  site.forgive(/401|400/);
});

test("a client's person is led to the portal, in their language", async () => {
  await site.call("li", "person.update", { person: "tom", language: "zh" });
  const page = await site.open(null, await linkFor("tom"), { chosen: false });
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(/\/portal\//);
  await page.getByRole("navigation", { name: "页面" }).waitFor();
  assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
});

test("a token signs in, for this tab only; signing out takes it from the browser and ends no token of others", async () => {
  const page = await site.open(null, "/console/");
  await page.getByText("Sign in with a token").click();
  await page.getByLabel("Access token").fill("sgn_" + "x".repeat(40));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("alert").waitFor();
  site.forgive(/401/);
  await page.getByLabel("Access token").fill(site.token("li"));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  assert.equal(await page.evaluate(() => localStorage.getItem("signoff.token")), null);
  await page.reload();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  await page.locator(".account summary").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in", exact: true }).waitFor();
  assert.equal(await page.evaluate(() => sessionStorage.getItem("signoff.token")), null);
  assert.equal((await site.call("li", "session.whoami")).person, "li");
});

test("whoever asks for a link is told the same, known or not", async () => {
  const page = await site.open(null, "/console/");
  const said = [];
  for (const name of ["li", "nobody@example.com"]) {
    await page.getByLabel("Your mail address or name").fill(name);
    await page.getByRole("button", { name: "Send me a sign-in link" }).click();
    said.push((await page.locator(".sent").innerText()).replace(name, "NAME"));
    await page.getByRole("button", { name: "Use another name" }).click();
  }
  assert.equal(said[0], said[1]);
});

test("a token that is revoked ends the session with the reason", async () => {
  const { id, token } = await site.call("li", "token.create", { person: "sun" });
  const page = await site.open(null, "/console/");
  await page.evaluate((token) => sessionStorage.setItem("signoff.token", token), token);
  await page.reload();
  await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
  await site.call("li", "token.revoke", { id });
  await page.locator(".account summary").click();
  await page.getByLabel("Language").selectOption("zh"); // asks something of the server
  await page.getByLabel("语言").selectOption("en");
  await page.getByText("You have been signed out").waitFor();
  site.forgive(/401/);
});

for (const [language, theme] of [["en", "light"], ["zh", "dark"]])
  test(`the page can be used by everybody: ${language}, ${theme}`, async () => {
    for (const width of [1280, 390]) {
      const page = await site.open(null, "/console/", { language, theme, width });
      await page.getByRole("heading", { level: 1 }).waitFor();
      assert.deepEqual(await serious(page), []);
      await shot(page, `signin-${language}-${theme}-${width}`);
    }
  });
