import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { renderApp } from "@/test/render";

it("only what was typed is sent, so that it overwrites nothing that somebody else changed", async () => {
  const { user, data } = await renderApp("/settings");
  const update = data.updateSettings;
  const sent = vi.spyOn(data, "updateSettings");
  const currency = await screen.findByLabelText("Currency");
  const form = within(currency.closest("form")!);
  const save = form.getByRole("button", { name: "Save" });

  await update({ default_currency: "CNY" });
  await user.type(form.getByLabelText("Region of phone numbers"), "{Backspace}{Backspace}de");
  // Typed and taken back: no change.
  await user.type(currency, "{Backspace}P");
  await user.click(save);

  await waitFor(() => expect(currency).toHaveValue("CNY"));
  expect(sent.mock.calls).toEqual([[{ default_region: "DE" }]]);
  expect(await data.settings()).toMatchObject({ default_currency: "CNY", default_region: "DE" });

  // What was saved is not sent again with the next change.
  await update({ default_region: "FR" });
  await user.type(form.getByLabelText("Name"), "!");
  await user.click(save);
  await waitFor(() => expect(sent).toHaveBeenCalledTimes(2));
  expect(await data.settings()).toMatchObject({ default_region: "FR" });
});
