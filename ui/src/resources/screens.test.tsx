import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

const SCREENS = [
  { path: "/", en: "Home", zh: "首页", shows: "Do these now" },
  { path: "/contacts", en: "Contacts", zh: "联系人", shows: "Last order" },
  { path: "/companies", en: "Companies", zh: "公司", shows: "Fjord Foods" },
  { path: "/deals", en: "Deals", zh: "商机", shows: "Negotiation" },
  { path: "/deals/list", en: "Deals", zh: "商机", shows: "Expected close" },
  { path: "/orders", en: "Orders", zh: "订单", shows: "Completed" },
  { path: "/products", en: "Products", zh: "商品", shows: "Regency cakestand" },
  { path: "/tickets", en: "Tickets", zh: "工单", shows: "Parcel arrived damaged" },
  { path: "/tasks", en: "Tasks", zh: "任务", shows: "Send the new price list" },
  { path: "/segments", en: "Segments", zh: "客户分群", shows: "Portraits" },
  { path: "/models", en: "Models", zh: "模型", shows: "may become champion" },
  { path: "/models/runs", en: "Runs", zh: "训练记录", shows: "churn, small network" },
  { path: "/imports", en: "Imports", zh: "数据导入", shows: "online_retail.csv.gz" },
  { path: "/settings", en: "Settings", zh: "设置", shows: "Appearance" },
];

describe.each(SCREENS)("$path", ({ path, en, zh, shows }) => {
  it("shows what it is for, and a screen reader can use it", async () => {
    const { container } = await renderApp(path);

    expect(await screen.findByRole("heading", { level: 1, name: en })).toBeInTheDocument();
    expect((await screen.findAllByText(shows, { exact: false }))[0]).toBeInTheDocument();
    await expectAccessible(container);
  });

  it("speaks Chinese", async () => {
    await renderApp(path, { language: "zh" });

    expect(await screen.findByRole("heading", { level: 1, name: zh })).toBeInTheDocument();
    expect(document.documentElement.lang).toBe("zh-CN");
  });
});

describe("an empty workspace", () => {
  it.each([
    ["/", "Welcome to Rapport"],
    ["/contacts", "No contacts yet"],
    ["/deals", "No pipeline yet"],
    ["/deals/list", "No deals yet"],
    ["/orders", "No orders yet"],
    ["/segments", "No segments yet"],
    ["/models", "No models yet"],
    ["/models/runs", "No runs yet"],
  ])("%s says what to do first", async (path, text) => {
    await renderApp(path, { customers: 0 });

    expect(await screen.findByText(text)).toBeInTheDocument();
  });
});

it("a server that is away is said in words, with a way to try again", async () => {
  const { data, history, user } = await renderApp("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  const { ApiError } = await import("@/api/problem");
  const home = data.home;
  // A refusal, so that the query does not try again by itself.
  data.home = () => Promise.reject(new ApiError(500, "internal", "internal error"));
  history.push("/");

  expect(await screen.findByRole("alert")).toHaveTextContent("Something went wrong on the server");

  data.home = home;
  await user.click(within(screen.getByRole("alert")).getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("Do these now")).toBeInTheDocument();
});

it("an address that does not exist leads home", async () => {
  await renderApp("/no/such/page");

  expect(await screen.findByText("There is nothing here")).toBeInTheDocument();
});
