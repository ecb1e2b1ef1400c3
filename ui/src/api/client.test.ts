import { afterEach, expect, it, vi } from "vitest";

import { httpProvider } from "./httpProvider";
import { ApiError } from "./problem";

const requests: Request[] = [];

function answer(status: number, body: unknown, headers: Record<string, string> = {}) {
  vi.stubGlobal("fetch", async (request: Request) => {
    requests.push(request.clone());
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": status < 400 ? "application/json" : "application/problem+json", ...headers },
    });
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  requests.length = 0;
});

it("a list asks for filters, order, search and an estimate, and reads its own plural", async () => {
  answer(200, { contacts: [{ id: "1" }], meta: { next_cursor: "abc", estimate: 3825 } });

  const page = await httpProvider().list(
    "contacts",
    {
      filter: [
        { field: "country", op: "eq", value: "France" },
        { field: "n_orders", op: "gte", value: "2" },
      ],
      sort: "-name",
      search: "a b",
    },
    {},
  );

  const query = new URL(requests[0]!.url).searchParams;
  expect(query.getAll("filter")).toEqual(["country:eq:France", "n_orders:gte:2"]);
  expect([query.get("sort"), query.get("search"), query.get("count"), query.get("limit")]).toEqual([
    "-name",
    "a b",
    "estimate",
    "50",
  ]);
  expect(page).toMatchObject({ items: [{ id: "1" }], nextCursor: "abc", estimate: 3825 });
});

it("a later page sends its cursor and does not count again", async () => {
  answer(200, { orders: [], meta: { next_cursor: null, estimate: null } });

  await httpProvider().list("orders", {}, { cursor: "abc" });

  const query = new URL(requests[0]!.url).searchParams;
  expect([query.get("cursor"), query.get("count")]).toEqual(["abc", null]);
});

it("a change says which version it changes and that it is ours", async () => {
  answer(200, { id: "1", version: 4 });

  await httpProvider().update("contacts", "1", 3, { name: "Ada" });

  const request = requests[0]!;
  expect([request.method, request.headers.get("if-match"), request.headers.get("x-rapport-csrf")]).toEqual([
    "PATCH",
    '"3"',
    "1",
  ]);
  expect(await request.json()).toEqual({ name: "Ada" });
});

it("reading needs no mark", async () => {
  answer(200, { workspace: {} });

  await httpProvider().home();

  expect(requests[0]!.headers.get("x-rapport-csrf")).toBeNull();
});

it("problem details become a typed error", async () => {
  const errors = [{ pointer: "/email", code: "email", message: "is no e-mail address" }];
  answer(422, {
    type: "about:blank",
    title: "Unprocessable",
    status: 422,
    code: "invalid",
    detail: "the contact breaks a rule",
    errors,
  });

  const error = await httpProvider()
    .create("contacts", { name: "x" })
    .catch((caught: unknown) => caught);

  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 422,
    code: "invalid",
    message: "the contact breaks a rule",
    violations: errors,
  });
});

it("a refused sign-in says how long to wait", async () => {
  answer(429, { title: "Too many", status: 429 }, { "retry-after": "30" });

  await expect(httpProvider().signIn("a@b.example", "x")).rejects.toMatchObject({
    status: 429,
    retryAfter: 30,
  });
});

it("no session is no error", async () => {
  answer(401, { title: "Unauthorized", status: 401 });

  expect(await httpProvider().session()).toBeNull();
});

it("no segmentation yet is no error", async () => {
  answer(404, { title: "Not found", status: 404 });

  expect(await httpProvider().currentSegmentation()).toBeNull();
});

it("a server that cannot be reached is told apart from one that refuses", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));

  await expect(httpProvider().home()).rejects.toMatchObject({ status: 0, isOffline: true });
});

it("a change of a stage names the revision that it rests on", async () => {
  answer(200, { kind: "segment", revision: 8 });

  await httpProvider().changeStage("segment", 7, { version: 3, to: "champion", reason: "better" });

  const [request] = requests;
  expect([request?.method, new URL(request!.url).pathname, request?.headers.get("if-match")]).toEqual([
    "POST",
    "/api/v1/models/segment/transitions",
    '"7"',
  ]);
  expect(await request?.json()).toEqual({ version: 3, to: "champion", reason: "better" });
});

it("several runs are asked for in one request, and trials are known by their number", async () => {
  answer(200, { runs: [], trials: [{ number: 4 }], meta: { next_cursor: null, estimate: null } });

  await httpProvider().curves(["a", "b"], ["loss", "val_loss"]);
  const page = await httpProvider().trials("a", { sort: "-value" }, { limit: 500 });

  const [curves, trials] = requests.map(({ url }) => new URL(url));
  expect([curves?.searchParams.get("run"), curves?.searchParams.get("metric")]).toEqual([
    "a,b",
    "loss,val_loss",
  ]);
  expect([trials?.pathname, trials?.searchParams.get("sort")]).toEqual(["/api/v1/runs/a/trials", "-value"]);
  expect(page.items).toEqual([{ number: 4, id: "4" }]);
});

it("a run without an evaluation is no error", async () => {
  answer(404, { title: "not found", status: 404, code: "not_found" });

  expect(await httpProvider().evaluation("a")).toBeNull();
});
