import { screen } from "@testing-library/react";
import { expect, it } from "vitest";

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
