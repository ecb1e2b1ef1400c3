import { fireEvent, screen } from "@testing-library/react";
import { expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { lastSearch } from "@/components/admin/listMemory";
import { recentRecords } from "@/layout/recents";
import { expectAccessible, renderApp } from "@/test/render";

it("a stranger is asked to sign in and then brought where he wanted to go", async () => {
  const { container, user, history } = await renderApp("/contacts?q=lum", { isSignedIn: false });

  await user.type(await screen.findByLabelText("E-mail"), "marta@acme.example");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  expect(await screen.findByRole("heading", { level: 1, name: "Contacts" })).toBeInTheDocument();
  expect(history.location.href).toBe("/contacts?q=lum");
});

it("a wrong password is refused without saying which part was wrong", async () => {
  const { user } = await renderApp("/sign-in", { isSignedIn: false });

  await user.type(await screen.findByLabelText("E-mail"), "marta@acme.example");
  await user.type(screen.getByLabelText("Password"), "wrong");
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  expect(await screen.findByRole("alert")).toHaveTextContent("E-mail or password is not right.");
});

it("an address of another site is never followed after the sign-in", async () => {
  const { user, history } = await renderApp("/sign-in?to=//evil.example/x", { isSignedIn: false });

  await user.type(await screen.findByLabelText("E-mail"), "marta@acme.example");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));

  await screen.findByRole("heading", { level: 1, name: "Home" });
  expect(history.location.href).toBe("/");
});

it("the language can be changed before signing in", async () => {
  const { user } = await renderApp("/sign-in", { isSignedIn: false });

  await user.click(await screen.findByRole("button", { name: "中文" }));

  expect(await screen.findByRole("heading", { name: "登录 Rapport" })).toBeInTheDocument();
});

it("who signs in after a session ran out finds nothing of the user before", async () => {
  const { user, history, data } = await renderApp("/contacts?q=customer");
  const { id, name } = data.data.contacts[0]!;
  const now = () => data.data.contacts.find((contact) => contact.id === id)!;
  await screen.findByRole("grid");
  history.push(`/contacts/${id}`);
  await screen.findByRole("heading", { level: 1, name });
  expect(lastSearch("contacts")).toEqual({ q: "customer" });
  await user.click(screen.getByRole("button", { name: /^City: / }));
  await user.clear(screen.getByRole("textbox", { name: "City" }));
  await user.type(screen.getByRole("textbox", { name: "City" }), "Lyon{Enter}");
  await screen.findByText("Saved: City");

  // As the server does, the session ends for all requests alike.
  const { home, session } = data;
  data.session = () => Promise.resolve(null);
  data.home = () => Promise.reject(new ApiError(401, "not_signed_in", "sign in first"));
  history.push("/");
  await user.type(await screen.findByLabelText("E-mail"), "sam@acme.example");
  expect(lastSearch("contacts")).toEqual({});
  expect(recentRecords()).toEqual([]);
  data.home = home;
  data.session = session;
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("heading", { level: 1, name: "Home" });

  fireEvent.keyDown(document.body, { key: "z", ctrlKey: true });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(now().address.city).toBe("Lyon");
});

it("a list that is left by signing out is forgotten, too", async () => {
  const { user, history } = await renderApp("/contacts?q=customer");
  await screen.findByRole("grid");
  fireEvent.keyDown(document.body, { key: "k", ctrlKey: true });
  fireEvent.click(await screen.findByRole("option", { name: "Sign out" }));
  await user.type(await screen.findByLabelText("E-mail"), "sam@acme.example");
  await user.type(screen.getByLabelText("Password"), "correct horse");
  await user.click(screen.getByRole("button", { name: "Sign in" }));
  await screen.findByRole("heading", { level: 1, name: "Home" });

  expect(lastSearch("contacts")).toEqual({});
  expect(history.location.pathname).toBe("/");
});
