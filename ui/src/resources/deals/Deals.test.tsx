import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";

import { ApiError } from "@/api/problem";
import { expectAccessible, renderApp } from "@/test/render";

const column = (name: RegExp | string) => screen.findByRole("region", { name });
const cardsOf = async (name: RegExp) =>
  within(await column(name))
    .queryAllByRole("link")
    .map((card) => card.dataset.dealId);

/** The first card of the first column, with the focus on it. */
async function firstCard() {
  const talks = await column(/^Talks, /);
  const card = within(talks).getAllByRole("link")[0]!;
  card.focus();
  return { card, id: card.dataset.dealId! };
}

it("a card is lifted by Space, carried by arrows and put down by Space, in one change", async () => {
  const { user, data, container } = await renderApp("/deals");
  const update = vi.spyOn(data, "update");
  const { id } = await firstCard();
  const deal = data.data.deals.find((one) => one.id === id)!;

  await user.keyboard(" ");
  expect(await screen.findByText(/is picked up in Talks/)).toBeInTheDocument();
  await expectAccessible(container);
  await user.keyboard("{ArrowRight}{ArrowRight}");
  expect(screen.getByText(`${deal.name} over Proposal, column 3 of 6.`)).toBeInTheDocument();
  expect(document.activeElement).toHaveAttribute("data-deal-id", id);
  expect(update).not.toHaveBeenCalled();
  await user.keyboard(" ");

  expect(screen.getByText(`${deal.name} was moved to Proposal.`)).toBeInTheDocument();
  const proposal = data.data.pipelines[0]!.stages[2]!;
  await waitFor(() => expect(update).toHaveBeenCalledTimes(1));
  expect(update).toHaveBeenCalledWith("deals", id, 1, { stage_id: proposal.id });
  expect((await cardsOf(/^Proposal, 6 deals$/))[0]).toBe(id);
  expect(document.activeElement).toHaveAttribute("data-deal-id", id);
});

it("Escape puts a lifted card back, and nothing is sent", async () => {
  const { user, data } = await renderApp("/deals");
  const update = vi.spyOn(data, "update");
  const before = await cardsOf(/^Talks, /);
  const { id } = await firstCard();

  await user.keyboard(" {ArrowRight}");
  expect(await cardsOf(/^Talks, 4 deals$/)).not.toContain(id);
  await user.keyboard("{Escape}");

  expect(await cardsOf(/^Talks, 5 deals$/)).toEqual(before);
  expect(screen.getByText(/stays in Talks/)).toBeInTheDocument();
  expect(document.activeElement).toHaveAttribute("data-deal-id", id);
  expect(update).not.toHaveBeenCalled();
});

it("a move changes the sums and is taken back", async () => {
  const { user, data } = await renderApp("/deals");
  const { id } = await firstCard();
  const stage = () => data.data.deals.find((one) => one.id === id)!.stage.name;
  const before = (await column(/^Qualified, 5 deals$/)).querySelector("header")!.textContent;

  await user.keyboard(" {ArrowRight} ");
  await waitFor(() => expect(stage()).toBe("Qualified"));
  expect((await column(/^Qualified, 6 deals$/)).querySelector("header")!.textContent).not.toBe(before);
  await user.click(await screen.findByRole("button", { name: "Undo" }));

  await waitFor(() => expect(stage()).toBe("Talks"));
  expect((await column(/^Qualified, 5 deals$/)).querySelector("header")!.textContent).toBe(before);
});

it("a move that a colleague was faster at is said and taken back", async () => {
  const { user, data } = await renderApp("/deals");
  const { id } = await firstCard();
  vi.spyOn(data, "update").mockRejectedValue(new ApiError(412, "version_conflict", "changed"));

  await user.keyboard(" {ArrowRight} ");

  expect(await screen.findByText(/Somebody else changed this record meanwhile/)).toBeInTheDocument();
  expect(await cardsOf(/^Talks, 5 deals$/)).toContain(id);
});

it("arrows lead from card to card, and one Tab stop leads in", async () => {
  const { user } = await renderApp("/deals");
  await firstCard();
  const second = (await cardsOf(/^Talks, /))[1];
  const beside = (await cardsOf(/^Qualified, /))[1];

  await user.keyboard("{ArrowDown}");
  expect(document.activeElement).toHaveAttribute("data-deal-id", second);
  await user.keyboard("{ArrowRight}");
  expect(document.activeElement).toHaveAttribute("data-deal-id", beside);
  const ways = [...document.querySelectorAll<HTMLElement>("[data-deal-id]")];
  expect(ways.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
});

it("a pointer carries a card to where it is let go, and Escape lets it fall back", async () => {
  const { data } = await renderApp("/deals");
  const update = vi.spyOn(data, "update");
  const { card, id } = await firstCard();
  const stages = data.data.pipelines[0]!.stages;
  // The document has no layout: each column is given its place.
  stages.forEach((stage, i) => {
    const element = document.querySelector<HTMLElement>(`[data-stage-id="${stage.id}"]`)!;
    element.getBoundingClientRect = () => new DOMRect(i * 300, 0, 280, 600);
    element.parentElement!.getBoundingClientRect = () => new DOMRect(0, 0, 1800, 600);
  });
  const press = { pointerId: 1, isPrimary: true, button: 0, clientX: 100, clientY: 100 };
  const carry = async () => {
    fireEvent.pointerDown(card, press);
    fireEvent.pointerMove(window, { ...press, clientX: 400 });
    await waitFor(() => expect(document.body.querySelector("[aria-hidden].fixed")).not.toBeNull());
  };

  await carry();
  fireEvent.keyDown(window, { key: "Escape" });
  await waitFor(() => expect(document.body.querySelector("[aria-hidden].fixed")).toBeNull());
  fireEvent.pointerUp(window, { ...press, clientX: 400 });
  expect(update).not.toHaveBeenCalled();

  await carry();
  fireEvent.pointerUp(window, { ...press, clientX: 400 });
  await waitFor(() => expect(update).toHaveBeenCalledWith("deals", id, 1, { stage_id: stages[1]!.id }));
});

it("a card is moved by a choice, without dragging", async () => {
  const { user, data, baseElement } = await renderApp("/deals");
  const { id } = await firstCard();
  const deal = data.data.deals.find((one) => one.id === id)!;

  await user.click(screen.getAllByRole("button", { name: `Move ${deal.name}` })[0]!);
  const dialog = await screen.findByRole("dialog", { name: deal.name });
  expect(within(dialog).getByRole("button", { name: /Talks/ })).toBeDisabled();
  await expectAccessible(baseElement);
  await user.click(within(dialog).getByRole("button", { name: "Won" }));

  await waitFor(() => expect(data.data.deals.find((one) => one.id === id)!.stage.name).toBe("Won"));
});

it("who may only read sees the board and moves nothing", async () => {
  const { user, data } = await renderApp("/deals", { role: "viewer" });
  const update = vi.spyOn(data, "update");
  await firstCard();

  await user.keyboard(" {ArrowRight} ");

  expect(screen.queryByRole("button", { name: /^Move / })).toBeNull();
  expect(screen.queryByRole("button", { name: "New deal" })).toBeNull();
  expect(update).not.toHaveBeenCalled();
});

it("another pipeline is chosen, stands in the address and shows its own stages", async () => {
  const { user, history } = await renderApp("/deals");

  await user.selectOptions(await screen.findByRole("combobox", { name: "Pipeline" }), "Renewals");

  expect(await column(/^已报价, /)).toBeInTheDocument();
  expect(history.location.search).toContain("pipeline=");
});

it("a pipeline loses a stage, whose deals go where they are told", async () => {
  const { user, data, baseElement } = await renderApp("/deals");
  await user.click(await screen.findByRole("button", { name: "Edit the pipeline" }));
  const dialog = await screen.findByRole("dialog", { name: "Edit the pipeline" });

  await user.click(within(dialog).getByRole("button", { name: "Remove Qualified" }));
  await user.selectOptions(within(dialog).getByLabelText("Deals of Qualified go to"), "Proposal");
  await user.click(within(dialog).getByRole("button", { name: "Move Talks down" }));
  await expectAccessible(baseElement);
  await user.click(within(dialog).getByRole("button", { name: "Save" }));

  expect(await column(/^Proposal, 10 deals$/)).toBeInTheDocument();
  expect(data.data.pipelines[0]!.stages.map(({ name }) => name).slice(0, 2)).toEqual(["Proposal", "Talks"]);
  expect(screen.queryByRole("region", { name: /^Qualified/ })).toBeNull();
});

it("a workspace without a pipeline begins with the usual one", async () => {
  const { user, data } = await renderApp("/deals", { customers: 0 });

  await user.click(await screen.findByRole("button", { name: "New pipeline" }));
  const dialog = await screen.findByRole("dialog", { name: "New pipeline" });
  await user.click(within(dialog).getByRole("button", { name: "Create pipeline" }));

  expect(await column(/^First talks, 0 deals$/)).toBeInTheDocument();
  expect(data.data.pipelines[0]!.stages).toHaveLength(6);
});

it("a deal is made in a dialog and stands on top of its stage", async () => {
  const { user, data, baseElement } = await renderApp("/deals?new=1");
  const dialog = await screen.findByRole("dialog", { name: "New deal" });

  await user.type(within(dialog).getByLabelText("Name"), "Forty lamps");
  await user.type(within(dialog).getByLabelText("Amount"), "12,5");
  expect(within(dialog).getByText("Write an amount such as 1234.50.")).toBeInTheDocument();
  expect(within(dialog).getByRole("button", { name: "Create deal" })).toBeDisabled();
  await user.clear(within(dialog).getByLabelText("Amount"));
  await user.type(within(dialog).getByLabelText("Amount"), "1,250.50");
  await user.selectOptions(within(dialog).getByLabelText("Stage"), "Proposal");
  await expectAccessible(baseElement);
  await user.click(within(dialog).getByRole("button", { name: "Create deal" }));

  expect(await screen.findByRole("link", { name: /Forty lamps/ })).toBeInTheDocument();
  expect(data.data.deals[0]).toMatchObject({
    amount: { amount_minor: 125_050, currency: "GBP" },
    stage: { name: "Proposal" },
  });
});

it("amount and stage of a deal are changed on its page", async () => {
  const { user, data, container } = await renderApp("/deals");
  const { id } = await firstCard();
  await user.keyboard("{Enter}");
  const now = () => data.data.deals.find((one) => one.id === id)!;

  await user.click(await screen.findByRole("button", { name: "Won" }));
  await waitFor(() => expect(now().stage.name).toBe("Won"));
  await user.click(screen.getByRole("button", { name: /^Amount: / }));
  await user.clear(screen.getByRole("textbox", { name: "Amount" }));
  await user.type(screen.getByRole("textbox", { name: "Amount" }), "77.5{Enter}");

  await waitFor(() => expect(now().amount?.amount_minor).toBe(7750));
  await expectAccessible(container);
});
