import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { renderApp } from "@/test/render";

const [first] = memoryProvider({ customers: 30 }).data.contacts;

it("a viewer is not offered to change the list", async () => {
  await renderApp("/contacts", { role: "viewer" });
  await screen.findByRole("grid");

  expect(screen.queryByRole("button", { name: "New contact" })).toBeNull();
  fireEvent.keyDown(document.body, { key: "j" });
  fireEvent.keyDown(document.body, { key: "e" });
  expect(screen.queryByRole("textbox", { name: /Edit Name/ })).toBeNull();
});

it("a viewer reads a record without fields to change it", async () => {
  await renderApp(`/contacts/${first!.id}`, { role: "viewer" });
  await screen.findByText("Key figures");

  expect(screen.queryByRole("button", { name: /^City: / })).toBeNull();
  expect(screen.queryByLabelText("New note")).toBeNull();
  expect(screen.queryByLabelText("New task")).toBeNull();
});

it.each([
  ["/imports", "Choose a file"],
  ["/segments", "Find again"],
  ["/settings", "Add user"],
])("a viewer finds nothing to press on %s that would be refused", async (path, name) => {
  await renderApp(path, { role: "viewer" });
  await screen.findByRole("heading", { level: 1 });

  expect(screen.queryByRole("button", { name })).toBeNull();
});

it("a member changes records but not the workspace", async () => {
  const { history } = await renderApp("/contacts", { role: "member" });
  expect(await screen.findByRole("button", { name: "New contact" })).toBeInTheDocument();

  history.push("/settings");
  expect(await screen.findByRole("heading", { level: 1, name: "Settings" })).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Add user" })).toBeNull();
});
