import { screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import type { ApiKey } from "@/api/types";
import { expectAccessible, renderApp } from "@/test/render";
import { endAfter, standing } from "./apiKeyModel";

const KEY = /^rk_[a-z0-9]+_[a-z2-7]{52}$/;

it("a key is made of a name and scopes, shown once, and revoked", async () => {
  const { user, data, container } = await renderApp("/settings");
  const sent = vi.spyOn(data, "createApiKey");
  const make = await screen.findByRole("button", { name: "Make a key" });
  expect(make).toBeDisabled();

  await user.type(screen.getByLabelText("What the key is for"), "Shop sync");
  await user.selectOptions(screen.getByLabelText("Ends after"), "Never");
  await user.click(screen.getByRole("checkbox", { name: "See contacts" }));
  await user.click(make);

  const key = await screen.findByLabelText<HTMLInputElement>("The new key");
  expect(key.value).toMatch(KEY);
  expect(sent).toHaveBeenCalledWith({ name: "Shop sync", scopes: ["contacts:read"], expires_at: null });
  const list = await screen.findByRole("list", { name: "API keys" });
  expect(within(list).getByText(/Never used/)).toBeVisible();
  await expectAccessible(container);

  await user.click(within(list).getByRole("button", { name: "Revoke Shop sync" }));
  const dialog = await screen.findByRole("dialog", { name: "Revoke this key?" });
  await user.click(within(dialog).getByRole("button", { name: "Revoke" }));

  expect(await within(list).findByText("Revoked")).toBeVisible();
});

it("other browsers are signed out, one by one and all at once", async () => {
  const { user, data } = await renderApp("/settings");
  const list = await screen.findByRole("list", { name: "Signed-in browsers" });
  expect(await within(list).findByText("This browser")).toBeVisible();

  await user.click(within(list).getByRole("button", { name: "Sign out Safari · iPhone" }));
  await waitFor(() => expect(within(list).queryByText("Safari · iPhone")).toBeNull());
  await user.click(screen.getByRole("button", { name: "Sign out everywhere else" }));

  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(1));
  expect(await data.sessions()).toMatchObject([{ is_current: true }]);
  expect(screen.queryByRole("button", { name: "Sign out everywhere else" })).toBeNull();
});

it("both cards speak Chinese", async () => {
  await renderApp("/settings", { language: "zh" });

  expect(await screen.findByRole("heading", { name: "API 密钥" })).toBeVisible();
  expect(await screen.findByText("此浏览器")).toBeVisible();
});

it("a key counts until it is revoked or its end has come", () => {
  const key = { expires_at: "2026-01-05T09:00:00Z", revoked_at: null } as ApiKey;
  const end = Date.parse("2026-01-05T09:00:00Z");

  expect(standing(key, end - 1)).toBe("counts");
  expect(standing(key, end)).toBe("ended");
  expect(standing({ ...key, expires_at: null }, end)).toBe("counts");
  expect(standing({ ...key, revoked_at: "2026-01-01T00:00:00Z" }, 0)).toBe("revoked");
  expect(endAfter(1, 0)).toBe("1970-01-02T00:00:00.000Z");
  expect(endAfter(null, 0)).toBeNull();
});
