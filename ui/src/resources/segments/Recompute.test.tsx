import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import type { Job, TrainingOutcome } from "@/api/types";
import { expectAccessible, renderApp } from "@/test/render";

const started: Job = {
  id: "training",
  kind: "segmentation",
  status: "queued",
  progress: { step: "", done: 0, total: null },
  attempts: 0,
  error: null,
  created_at: "",
  started_at: null,
  finished_at: null,
  training: null,
};

const done = (training: TrainingOutcome): Job => ({ ...started, status: "done", training });

/** Starts a training on the page of segments and leaves it under way. */
async function train(options = {}, [find, start] = ["Find again", "Start"]) {
  const app = await renderApp("/segments", options);
  app.data.startSegmentation = () => Promise.resolve(started);
  await app.user.click(await screen.findByRole("button", { name: find! }));
  await app.user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: start! }));
  await waitFor(() => expect(screen.queryByRole("button", { name: find! })).toBeNull());
  return app;
}

it("where there are no segments yet, the button is named as the page says", async () => {
  await renderApp("/segments", { customers: 0 });

  expect(await screen.findByText("Import orders, then press “Find segments”.")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Find segments" })).toBeInTheDocument();
});

it("a viewer without segments is told who finds them", async () => {
  await renderApp("/segments", { customers: 0, role: "viewer" });

  expect(await screen.findByText(/A member or an administrator finds them/)).toBeInTheDocument();
});

it("an administrator chooses among the methods and up to as many segments as the server takes", async () => {
  const { user, data, container } = await renderApp("/segments");
  const asked: object[] = [];
  data.startSegmentation = (request) => (asked.push(request), Promise.resolve(started));

  await user.click(await screen.findByRole("button", { name: "Find again" }));
  const dialog = await screen.findByRole("dialog");
  const numbers = within(within(dialog).getByLabelText("Number of segments")).getAllByRole("option");
  expect([numbers[1], numbers.at(-1)].map((option) => option?.textContent)).toEqual(["2", "20"]);
  await expectAccessible(container);
  await user.selectOptions(within(dialog).getByLabelText("Method"), "Ward");
  await user.selectOptions(within(dialog).getByLabelText("Number of segments"), "7");
  await user.click(within(dialog).getByRole("button", { name: "Start" }));

  await waitFor(() => expect(asked).toEqual([{ method: "ward", k: 7 }]));
});

it("a member starts a training and is told who may choose its method", async () => {
  const { user, data } = await renderApp("/segments", { role: "member" });
  const asked: object[] = [];
  data.startSegmentation = (request) => (asked.push(request), Promise.resolve(started));

  await user.click(await screen.findByRole("button", { name: "Find again" }));
  const dialog = await screen.findByRole("dialog");
  expect(within(dialog).queryByRole("combobox")).toBeNull();
  expect(within(dialog).getByText(/Only an administrator may choose the method/)).toBeInTheDocument();
  await user.click(within(dialog).getByRole("button", { name: "Start" }));

  await waitFor(() => expect(asked).toEqual([{}]));
});

it("new segments are said to whoever asked for them, also on another screen", async () => {
  const { data, history } = await train();
  history.push("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });

  data.announce({ event: "job", job: done({ is_champion_kept: false, refusal: null }) });

  expect(await screen.findByText("New segments are shown")).toBeInTheDocument();
});

it.each([
  [true, "not_better_than_champion", "Today's customers are in the segments that you know", /were no better/],
  [true, "no_evidence", "Today's customers are in the segments that you know", /too few customers/],
  [false, "stale_evidence", "The segments that are shown stay", /Another model began to serve/],
])(
  "a champion kept %s because of %s is said with the reason",
  async (is_champion_kept, refusal, text, why) => {
    const { data } = await train();

    data.announce({ event: "job", job: done({ is_champion_kept, refusal }) });

    expect(await screen.findByText(text)).toBeInTheDocument();
    expect(screen.getByText(why)).toBeInTheDocument();
  },
);

it("the outcome is said in Chinese", async () => {
  const { data } = await train({ language: "zh" }, ["重新划分", "开始"]);

  const training = { is_champion_kept: true, refusal: "not_better_than_baseline" };
  data.announce({ event: "job", job: done(training) });

  expect(await screen.findByText("当前客户已归入您熟悉的分群")).toBeInTheDocument();
  expect(screen.getByText(/未优于基线/)).toBeInTheDocument();
});

it("a reason of a newer server leaves the outcome without one", async () => {
  const { data } = await train();

  data.announce({ event: "job", job: done({ is_champion_kept: true, refusal: "moon_is_full" }) });

  expect(await screen.findByText("Today's customers are in the segments that you know")).toBeInTheDocument();
  expect(screen.queryByText(/moon/)).toBeNull();
});

it("a training that somebody else started ends in silence", async () => {
  const { data } = await renderApp("/segments");
  await screen.findByRole("button", { name: "Find again" });

  data.announce({ event: "job", job: started });
  data.announce({ event: "job", job: done({ is_champion_kept: false, refusal: null }) });

  expect(await screen.findByRole("button", { name: "Find again" })).toBeInTheDocument();
  expect(screen.queryByText("New segments are shown")).toBeNull();
});

it("methods are called alike beside the map and in the choice", async () => {
  const { user } = await renderApp("/segments", { language: "zh" });
  expect(await screen.findByText("k 均值")).toBeInTheDocument();

  await user.click(screen.getByRole("button", { name: "重新划分" }));

  expect(await screen.findByRole("option", { name: "k 均值" })).toBeInTheDocument();
});
