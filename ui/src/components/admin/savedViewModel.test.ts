import { expect, it } from "vitest";

import type { SavedView } from "@/api/types";
import { isViewed, queryOf, searchOf, viewInForce, viewsOf } from "./savedViewModel";

const view = (name: string, query: string, list: SavedView["list"] = "contacts"): SavedView => ({
  id: name,
  list,
  name,
  query,
  is_shared: false,
  may_change: true,
  created_at: "2026-11-24T09:00:00Z",
  updated_at: "2026-11-24T09:00:00Z",
  version: 1,
});

it("a view is the list as its address has it, and back", () => {
  const search = {
    q: "王 芳",
    sort: "-name",
    filter: ["last_order_at:in_last:30d"],
    any: ['["city:eq:Bath","city:eq:上海"]'],
    cols: "email,city",
  };

  expect(searchOf(view("a", queryOf(search)))).toEqual(search);
});

it("the view in force is known however its parts are ordered", () => {
  const views = [view("all", ""), view("spenders", "sort=-total_spent&filter=n_orders%3Agte%3A3")];

  const search = { filter: ["n_orders:gte:3"], sort: "-total_spent" };
  expect(viewInForce(views, search)?.name).toBe("spenders");
  expect(viewInForce(views, {})?.name).toBe("all");
  expect(viewInForce(views, { sort: "name" })).toBeUndefined();
});

it("a list has its own views only, and colleagues have none", () => {
  const views = [view("a", ""), view("b", "", "tasks")];

  expect(viewsOf(views, "tasks").map(({ name }) => name)).toEqual(["b"]);
  expect(isViewed("contacts")).toBe(true);
  expect(isViewed("users")).toBe(false);
});

it("what a later version wrote and this one does not know is dropped", () => {
  expect(searchOf(view("a", "filter=city:near:Bath&group=country&sort=name"))).toEqual({ sort: "name" });
});
