import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { ApiError } from "@/api/problem";
import { forgetLists } from "@/components/admin/listMemory";
import { expectAccessible, renderApp } from "@/test/render";

beforeEach(forgetLists);

const { runs } = memoryProvider({ customers: 1 }).learning.store;
const named = (name: string) => runs.find((run) => run.name === name)!;
const [small, noDropout, trees] = [
  named("churn, small network"),
  named("churn, no dropout"),
  named("churn, trees"),
];

it("selected runs lead to their comparison", async () => {
  const { user, history } = await renderApp("/models/runs");
  await screen.findByRole("grid", { name: "Runs" });

  await user.click(screen.getByRole("checkbox", { name: `Select ${small.name}` }));
  expect(screen.getByText("Select one more run.")).toBeInTheDocument();
  await user.click(screen.getByRole("checkbox", { name: `Select ${noDropout.name}` }));
  await user.click(screen.getByRole("link", { name: "Compare 2 runs" }));

  expect(await screen.findByRole("heading", { level: 1, name: "Compare runs" })).toBeInTheDocument();
  expect(new URLSearchParams(history.location.search).getAll("run").sort()).toEqual(
    [small.id, noDropout.id].sort(),
  );
});

it("the result says to a screen reader whether it beats the baseline", async () => {
  await renderApp("/models/runs");

  expect((await screen.findAllByText("better than the baseline, 0.5"))[0]).toBeInTheDocument();
});

const compare = (...all: { id: string }[]) =>
  `/models/runs/compare?${all.map(({ id }) => `run=${id}`).join("&")}`;

it("runs stand side by side: curves, settings and figures, the best one marked", async () => {
  const { container } = await renderApp(compare(small, noDropout, trees));

  expect(await screen.findByRole("img", { name: "Loss over steps, 2 curves" })).toBeInTheDocument();
  const table = screen.getByRole("table", { name: "Settings and figures" });
  expect(within(table).getByRole("row", { name: /^dropout/ })).toHaveTextContent("dropout0.20—");
  expect(within(table).getByRole("row", { name: /^AUC/ })).toHaveTextContent(/0.921\s*best/);
  await expectAccessible(container);
});

it("which curves are drawn and how stands in the address", async () => {
  const { user, history } = await renderApp(compare(small, noDropout));
  await screen.findByRole("img", { name: "Loss over steps, 2 curves" });

  await user.click(screen.getByRole("button", { name: "Validation loss" }));
  await user.click(screen.getByRole("button", { name: "Logarithmic axis" }));
  fireEvent.change(screen.getByRole("slider", { name: "Smoothing" }), { target: { value: "0.6" } });
  await user.click(screen.getByRole("button", { name: "Only what differs" }));

  await waitFor(() => {
    const search = new URLSearchParams(history.location.search);
    expect(search.getAll("metric")).toEqual(["loss"]);
    expect([search.get("log"), search.get("smooth"), search.get("differ")]).toEqual(["1", "0.6", "1"]);
  });
  const table = screen.getByRole("table", { name: "Settings and figures" });
  expect(within(table).queryByRole("row", { name: /^batch_size/ })).toBeNull();
  expect(within(table).getByRole("row", { name: /^dropout/ })).toBeInTheDocument();
});

it("the picker takes one more run into the comparison", async () => {
  const { user, history } = await renderApp(compare(small));
  await screen.findByRole("table", { name: "Settings and figures" });

  await user.click(screen.getByRole("button", { name: "Add a run" }));
  await user.type(await screen.findByRole("searchbox", { name: "Add a run" }), "no dropout");
  await user.click(await screen.findByRole("button", { name: /^churn, no dropout/ }));

  await waitFor(() =>
    expect(new URLSearchParams(history.location.search).getAll("run")).toEqual([small.id, noDropout.id]),
  );
});

it("a run that is gone is said, with a way back to the runs", async () => {
  await renderApp(compare(small, { id: "nobody" }));

  const alert = await screen.findByRole("alert");
  expect(alert).toHaveTextContent("It was deleted, or your role does not let you see it");
  expect(within(alert).getByRole("link", { name: "To the runs" })).toBeInTheDocument();
});

it("a run's page shows where its probabilities are true and where it errs", async () => {
  const { container, user } = await renderApp(`/models/runs/${small.id}`);

  const confusion = await screen.findByRole("table", { name: "Confusion matrix" });
  expect(within(confusion).getByRole("row", { name: /^no / })).toHaveTextContent("3,500");
  expect(within(confusion).getByText(/^94.3% of actual “no”$/)).toBeInTheDocument();
  expect(screen.getByRole("img", { name: /Share of “yes” that came true/ })).toBeInTheDocument();
  const figures = screen.getByRole("table", { name: "Figures" });
  expect(within(figures).getByRole("columnheader", { name: "Baseline (Base rate)" })).toBeInTheDocument();
  await expectAccessible(container);

  const calibration = screen.getByRole("heading", { name: "Calibration" }).closest("section")!;
  await user.click(within(calibration).getByRole("button", { name: "Show as table" }));
  expect(within(calibration).getAllByRole("row")).toHaveLength(11);
});

it("a search shows its trials, the best of them marked, and orders them", async () => {
  const search = named("search for churn trees");
  const { container, user } = await renderApp(`/models/runs/${search.id}`);

  const table = await screen.findByRole("table", { name: "Search" });
  expect(within(table).getByText("Best").closest("tr")).toHaveTextContent("Finished");
  expect(within(table).getByText("the loss is no number")).toBeInTheDocument();
  await expectAccessible(container);

  await user.click(within(table).getByRole("button", { name: "Value" }));
  await user.click(await screen.findByRole("button", { name: "Value" }));
  await waitFor(() => {
    const rows = within(screen.getByRole("table", { name: "Search" })).getAllByRole("row");
    expect(rows[1]).toHaveTextContent("Best");
  });
  await user.click(screen.getByRole("button", { name: "All settings" }));
  expect(screen.getByRole("img", { name: /Each trial as a line/ })).toBeInTheDocument();
});

it("a run that failed says why", async () => {
  await renderApp(`/models/runs/${named("forecast of weekly sales").id}`);

  expect(await screen.findByRole("alert")).toHaveTextContent("shorter than two seasons");
});

it("a run that goes on is kept up with, on its page and in the list", async () => {
  const wide = named("churn, wide network");
  const { data, history } = await renderApp(`/models/runs/${wide.id}`);
  await screen.findByText("Running");
  const finished = { ...wide, status: "finished" as const, seconds: 12 };
  data.learning.store.runs.splice(
    data.learning.store.runs.findIndex(({ id }) => id === wide.id),
    1,
    finished,
  );

  data.announce({ event: "run", run: finished });
  expect(await screen.findByText("Finished")).toBeInTheDocument();

  history.push("/models/runs?filter=status:eq:running");
  expect(await screen.findByText("Nothing matches")).toBeInTheDocument();
});

it("what was not evaluated is said, and a refusal can be tried again", async () => {
  const { data, user, history } = await renderApp("/models/runs");
  const evaluation = data.evaluation;
  data.evaluation = () => Promise.reject(new ApiError(500, "internal", "broken"));
  history.push(`/models/runs/${small.id}`);
  const alert = await screen.findByRole("alert");

  data.evaluation = evaluation;
  await user.click(within(alert).getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("table", { name: "Confusion matrix" })).toBeInTheDocument();
});

const [segments, byKmeans] = [named("customer segments"), named("segment by kmeans, 4 segments")];

it("a run that nobody named is called by its task, in the reader's language", async () => {
  const { history } = await renderApp("/models/runs", { language: "zh" });
  expect(await screen.findByRole("checkbox", { name: /客户分群/ })).toBeInTheDocument();
  expect(screen.queryByText("customer segments")).toBeNull();

  history.push(`/models/runs/${segments.id}`);
  expect(await screen.findByRole("heading", { level: 1, name: "客户分群" })).toBeInTheDocument();

  history.push(compare(segments, byKmeans));
  expect(await screen.findByRole("button", { name: "移除：客户分群" })).toBeInTheDocument();
});

it("a curve of one method stands over the number of segments and says so", async () => {
  const { history } = await renderApp(`/models/runs/${segments.id}`);
  const label = "Stability (k-means) over the number of segments, 1 curve";
  expect(await screen.findByRole("img", { name: label })).toBeInTheDocument();

  history.push(compare(segments, byKmeans));
  expect(await screen.findByRole("button", { name: "Silhouette (k-means)" })).toBeInTheDocument();
});

it("what a segmentation was asked for is told in words", async () => {
  await renderApp(`/models/runs/${segments.id}`, { language: "zh" });
  const settings = (await screen.findByRole("heading", { name: "参数" })).closest("section")!;

  const terms = within(settings).getAllByRole("term");
  expect(terms.map(({ textContent }) => textContent)).toEqual(
    expect.arrayContaining(["方法", "分群数量", "n_resamples"]),
  );
  expect(within(settings).getByText("按质量选择")).toBeInTheDocument();
});

it("each group of a comparison has the rows that it is the heading of", async () => {
  await renderApp(compare(small, noDropout));
  const table = await screen.findByRole("table", { name: "Settings and figures" });

  const groups = within(table).getAllByRole("rowgroup").slice(1);
  expect(groups.map((group) => group.querySelectorAll("[scope=rowgroup]").length)).toEqual([1, 1, 1]);
  expect(within(groups[1]!).getByRole("row", { name: /^dropout/ })).toBeInTheDocument();
});
