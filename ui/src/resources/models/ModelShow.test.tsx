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

  expect(await screen.findByRole("alert")).toHaveTextContent(
    "It was deleted, or your role does not let you see it",
  );
});

/** The server lists the newest versions only, here two, beside the champion. */
async function openShortened(path: string) {
  const app = await renderApp("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  const { model } = app.data;
  app.data.model = async (kind) => {
    const known = await model(kind);
    const isListed = (version: number, i: number) => i < 2 || version === known.champion?.version;
    return { ...known, versions: known.versions.filter(({ version }, i) => isListed(version, i)) };
  };
  app.history.push(path);
  await screen.findByRole("heading", { level: 2, name: "History" });
  return app;
}

it("a version beyond those listed is asked for by itself, and may change its stage", async () => {
  const app = await openShortened("/models/segment?version=1");
  expect(await screen.findByRole("heading", { level: 2, name: "Version 1" })).toBeInTheDocument();
  const versions = screen.getByRole("list", { name: "Versions" });
  expect(within(versions).queryByRole("link", { name: /Version 1/ })).toBeNull();

  await ask(app, "Back to candidate");

  expect(await screen.findByText("Version 1 is a candidate now")).toBeInTheDocument();
  expect(await screen.findByRole("button", { name: "Move to shadow" })).toBeInTheDocument();
});

it("a champion beyond those listed is brought back all the same", async () => {
  const app = await openShortened("/models/segment");

  await ask(app, "Roll back to version 1", "Roll back");

  expect(await screen.findByText("Version 1 serves again")).toBeInTheDocument();
});

it("a version that does not exist is said rather than another one shown", async () => {
  await open("/models/segment?version=99");

  expect(await screen.findByRole("alert")).toHaveTextContent(
    "It was deleted, or your role does not let you see it",
  );
  expect(screen.queryByRole("heading", { level: 2, name: /^Version \d/ })).toBeNull();
});

it("a retired version whose files are gone says that it cannot come back", async () => {
  const app = await renderApp("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  const { model } = app.data;
  app.data.model = async (kind) => {
    const known = await model(kind);
    const gone = {
      files_dropped_at: "2026-11-24T09:30:00Z",
      next_stages: [],
      promotion: { is_ready: false, code: "files_dropped", message: "its files were given up" },
    };
    return {
      ...known,
      versions: known.versions.map((one) => (one.version === 1 ? { ...one, ...gone } : one)),
    };
  };
  app.history.push("/models/segment?version=1");

  expect(await screen.findByText(/its files were given up to save space/)).toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "Back to candidate" })).toBeNull();
});

it("stages promise no more than they do", async () => {
  const { user } = await open("/models/segment?version=3");

  await user.click(await screen.findByRole("button", { name: "Back to candidate" }));
  expect(await screen.findByText(/its comparison stays as it was/)).toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Cancel" }));
  await user.click(screen.getByRole("link", { name: /^Version 2/ }));
  await user.click(await screen.findByRole("button", { name: "Retire" }));

  expect(await screen.findByText(/Its segments stay shown until the next training/)).toBeInTheDocument();
});

it("without a champion the segments are said to stay until the next training", async () => {
  const { data, history } = await open("/models/segment");
  const { revision } = data.learning.registry.find("segment");
  await data.changeStage("segment", revision, { version: 2, to: "retired", reason: "too coarse" });

  history.push("/models");

  expect(await screen.findByText(/the segments of the last one stay shown/)).toBeInTheDocument();
  expect(screen.getByText("No champion")).toBeInTheDocument();
});

/** The reasons that the program writes down by itself. */
const REASONS = [
  "trained",
  "better on held-back rows",
  "the first of its kind",
  "a person chose its settings",
  "the champion before cannot tell the segments of today's customers",
  "the baseline serves while nothing beats it",
];

it.each(["en", "zh"] as const)(
  "reasons of the program are told in the reader's language: %s",
  async (language) => {
    const app = await renderApp("/tasks", { language });
    const { model } = app.data;
    app.data.model = async (kind) => {
      const known = await model(kind);
      const transitions = REASONS.map((reason) => ({ ...known.transitions[0]!, reason, actor: null }));
      return { ...known, transitions };
    };
    app.history.push("/models/segment");
    const history = await screen.findByRole("list", { name: language === "en" ? "History" : "变更历史" });

    const told = within(history).getAllByRole("listitem");
    expect(told).toHaveLength(REASONS.length);
    for (const [i, reason] of REASONS.entries()) expect(told[i]).not.toHaveTextContent(reason);
    expect(told[1]).toHaveTextContent(language === "en" ? "Better on held-back rows" : "在留出的数据上更好");
  },
);
