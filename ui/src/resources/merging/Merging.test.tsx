import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

async function openSettings(language: "en" | "zh" = "en") {
  const app = await renderApp("/settings", { customers: 30, duplicates: 4, language });
  const title = language === "en" ? "Merging" : "合并规则";
  const heading = await screen.findByRole("heading", { level: 2, name: title }, { timeout: 60_000 });
  const section = heading.parentElement!.parentElement!;
  await within(section).findByRole(
    "button",
    { name: language === "en" ? "Save" : "保存" },
    { timeout: 60_000 },
  );
  return { ...app, section };
}

it("shows on a real pair what a rule would leave before it is saved", async () => {
  const { section, user, data } = await openSettings();
  const tried = await within(section).findByRole("table", { name: "The two compared" }, { timeout: 60_000 });
  await expectAccessible(section);
  const before = await data.survivorship();

  await user.selectOptions(within(section).getByLabelText("Rule of Every field"), "Most recent");

  const name = within(section).getByLabelText("Rule of Name");
  expect(within(name).getByRole("option", { name: "As every field: Most recent" })).toBeInTheDocument();
  expect(tried).toBeVisible();
  expect(await data.survivorship()).toEqual(before);
});

it("saves only what was changed, and offers nothing to save before", async () => {
  const { section, user, data } = await openSettings();
  const sent = vi.spyOn(data, "updateSurvivorship");
  const save = within(section).getByRole("button", { name: "Save" });
  expect(save).toBeDisabled();

  await user.selectOptions(within(section).getByLabelText("Rule of Job title"), "Most complete");
  await user.click(save);

  await waitFor(() => expect(sent.mock.calls).toEqual([[{ fields: { title: "most_complete" } }]]));
  await waitFor(() => expect(save).toBeDisabled());
  expect((await data.survivorship()).fields).toEqual({ title: "most_complete" });
  const email = within(section).getByLabelText("Rule of E-mail");
  expect(within(email).queryByRole("option", { name: "Most complete" })).toBeNull();
});

it("ranks sources with the keyboard and says where they stand", async () => {
  const { section, user, data } = await openSettings();
  const unranked = await within(section).findByRole("group", { name: "Not ranked" });
  for (const button of within(unranked).getAllByRole("button").slice(0, 2)) await user.click(button);
  const list = within(section).getByRole("list", { name: "Trusted sources" });
  const names = () =>
    within(list)
      .getAllByRole("listitem")
      .map((item) => item.textContent.slice(1));
  const [first, second] = names() as [string, string];

  const up = within(list).getByRole("button", { name: `Move ${second} up` });
  up.focus();
  await user.keyboard("{Enter}");

  expect(names()).toEqual([second, first]);
  expect(within(section).getByText(`${second} is number 1 of 2`)).toBeInTheDocument();
  expect(within(list).getByRole("button", { name: `Move ${second} up` })).toHaveFocus();
  await expectAccessible(section);
  await user.click(within(section).getByRole("button", { name: "Save" }));
  await waitFor(async () => expect((await data.survivorship()).trusted_sources).toHaveLength(2));
});

it("is in Chinese, too", async () => {
  const { section } = await openSettings("zh");

  expect(await within(section).findByText("用一对记录试试")).toBeVisible();
  await expectAccessible(section);
});

it("merges by the rules that were set", async () => {
  const { data } = await openSettings();
  const [pair] = (await data.matchPairs({ sort: "-probability" }, {})).items;
  const [stays, goes] = [pair!.left.contact_id, pair!.right.contact_id];
  await data.updateSurvivorship({ fields: { name: "most_complete" } });
  const told = await data.previewMerge(stays, goes);

  const { contact } = await data.mergeContacts(stays, goes, null);

  const { winner } = told.find(({ field }) => field === "name")!;
  expect(contact.name).toBe(winner === "goes" ? pair!.right.name : pair!.left.name);
});
