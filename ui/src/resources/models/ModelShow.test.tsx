import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { ApiError } from "@/api/problem";
import { expectAccessible, renderApp } from "@/test/render";

async function open(path: string, options = {}) {
  const app = await renderApp(path, options);
  await screen.findByRole("heading", { level: 2, name: "History" });
  return app;
}

type App = Awaited<ReturnType<typeof open>>;

/** Presses a button of the version, says why, and submits. */
async function ask({ user }: App, button: string, submit = button) {
  await user.click(await screen.findByRole("button", { name: button }));
  const dialog = await screen.findByRole("dialog");
  await user.type(within(dialog).getByLabelText("Reason"), "better on customers of November");
  await user.click(within(dialog).getByRole("button", { name: submit }));
  return dialog;
}

it("a version says what it rests on, in words and as a picture", async () => {
  const { container } = await open("/models/segment?version=3");

  expect(await screen.findByText(/Better than 0.38 of the champion, version 2./)).toBeInTheDocument();
  const bars = screen.getByRole("list", { name: "Silhouette on the same held-back rows" });
  expect(
    within(bars)
      .getAllByRole("listitem")
      .map((item) => item.textContent),
  ).toEqual(["Version 30.412", "Champion, version 20.38", "Baseline (RFM)0.301"]);
  expect(await screen.findByRole("heading", { name: "Customer segments 3" })).toBeInTheDocument();
  await expectAccessible(container);
});

it("a promotion stands in the history at once, and can be taken back", async () => {
  const app = await open("/models/segment?version=3");

  await ask(app, "Promote");
  expect(await screen.findByText("Version 3 is the champion now")).toBeInTheDocument();
  const history = screen.getByRole("list", { name: "History" });
  expect(within(history).getAllByText("Version 3: Shadow → Champion")[0]).toBeInTheDocument();
  expect(within(history).getAllByText("better on customers of November")).toHaveLength(2);

  await app.user.click(screen.getByRole("button", { name: "Undo" }));
  await waitFor(() => expect(app.data.learning.registry.find("segment").champion?.version).toBe(2));
});

it("a version that is not better cannot be promoted, and both figures say why", async () => {
  const { user } = await open("/models/segment?version=4");

  await user.click(await screen.findByRole("button", { name: "Promote" }));
  const dialog = await screen.findByRole("dialog", { name: "Promote version 4" });
  await user.type(within(dialog).getByLabelText("Reason"), "we want it");

  expect(within(dialog).getByText(/Not better than 0.38 of the champion, version 2/)).toBeInTheDocument();
  expect(within(dialog).getByText(/Silhouette 0.371 on 4,338 rows/)).toBeInTheDocument();
  expect(within(dialog).getByRole("button", { name: "Promote" })).toBeDisabled();
});

it("what the server refuses is said in the dialog with both figures", async () => {
  const app = await open("/models/segment?version=3");
  const message =
    "silhouette 0.412 is not better than 0.42 of the champion (version 2) on the same 4338 rows";
  app.data.changeStage = () =>
    Promise.reject(
      new ApiError(409, "promotion_refused", message, [
        { pointer: "/version", code: "not_better_than_champion", message },
      ]),
    );

  const dialog = await ask(app, "Promote");

  const alert = await within(dialog).findByRole("alert");
  expect(alert).toHaveTextContent("0.412");
  expect(alert).toHaveTextContent("0.42 of the champion");
});

it("somebody else was faster: the newest state is shown, the reason stays, and the next try counts", async () => {
  const app = await open("/models/segment?version=3");
  app.data.learning.registry.touch("segment");

  const dialog = await ask(app, "Promote");
  expect(await within(dialog).findByRole("alert")).toHaveTextContent("Somebody else changed this model");
  expect(within(dialog).getByLabelText("Reason")).toHaveValue("better on customers of November");
  expect(app.data.learning.registry.find("segment").champion?.version).toBe(2);

  await app.user.click(within(dialog).getByRole("button", { name: "Promote" }));
  expect(await screen.findByText("Version 3 is the champion now")).toBeInTheDocument();
});

it("a roll-back asks why and brings the champion before back", async () => {
  const app = await open("/models/segment");

  const dialog = await ask(app, "Roll back to version 1", "Roll back");

  expect(await screen.findByText("Version 1 serves again")).toBeInTheDocument();
  expect(dialog).not.toBeInTheDocument();
  expect(app.data.learning.registry.find("segment").champion?.version).toBe(1);
});

it("what another administrator does shows without a reload", async () => {
  const { data } = await open("/models/segment?version=3");

  await data.changeStage("segment", data.learning.registry.find("segment").revision, {
    version: 3,
    to: "champion",
    reason: "from elsewhere",
  });

  expect((await screen.findAllByText("from elsewhere"))[0]).toBeInTheDocument();
});

it("a member reads everything and is offered no change", async () => {
  await open("/models/segment?version=3", { role: "member" });

  expect(await screen.findByText(/Better than 0.38 of the champion/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: /Promote|Retire|Roll back/ })).toBeNull();
});

it("without evidence and card the page says so", async () => {
  await open("/models/forecast");

  expect(await screen.findByText("This version has no card.")).toBeInTheDocument();
  expect(screen.getByText(/it was not compared on held-back data/)).toBeInTheDocument();
});

it("a kind that does not exist is said in words", async () => {
  await renderApp("/models/astrology");

  expect(await screen.findByRole("alert")).toHaveTextContent("There is no such record");
});
