import type { DataProvider, ListQuery } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import { DAY, iso, NOW, type MemoryData } from "./company";
import { listRows } from "./lists";
import type { Random } from "./random";

const SALES = [
  ["Talks", "open", 0.1],
  ["Qualified", "open", 0.25],
  ["Proposal", "open", 0.5],
  ["Negotiation", "open", 0.75],
  ["Won", "won", 1],
  ["Lost", "lost", 0],
] as const;
const RENEWALS = [
  ["到期前", "open", 0.6],
  ["已报价", "open", 0.8],
  ["已续约", "won", 1],
  ["未续约", "lost", 0],
] as const;
const GOODS = ["Renewal", "Expansion", "Pilot", "New logo", "年度框架", "Refit of the shops"];

function pipelineOf(random: Random, name: string, stages: typeof SALES | typeof RENEWALS): Wire.Pipeline {
  return {
    id: random.id(),
    name,
    version: 1,
    stages: stages.map(([name, outcome, probability]) => ({ id: random.id(), name, outcome, probability })),
  };
}

/** Two pipelines, and `n` deals in the first and some more in the second. */
export function addDeals(data: MemoryData, random: Random, n: number) {
  if (n === 0) return;
  data.pipelines = [pipelineOf(random, "New business", SALES), pipelineOf(random, "Renewals", RENEWALS)];
  const [business, renewals] = data.pipelines as [Wire.Pipeline, Wire.Pipeline];
  for (let i = 0; i < n; i++) data.deals.push(dealOf(data, random, business, i));
  for (let i = 0; i < Math.min(n, 9); i++) data.deals.push(dealOf(data, random, renewals, i));
}

function dealOf(data: MemoryData, random: Random, pipeline: Wire.Pipeline, i: number): Wire.Deal {
  const stage = pipeline.stages[i % pipeline.stages.length]!;
  const company = random.pick(data.companies);
  const contact = data.contacts[i % Math.max(1, data.contacts.length)];
  const user = random.pick(data.users);
  const entered = NOW - random.between(0, 40) ** 2 * (DAY / 20) - i * 1000;
  return {
    id: random.id(),
    name: `${company.name} — ${random.pick(GOODS)}`,
    pipeline_id: pipeline.id,
    stage: { id: stage.id, name: stage.name },
    amount:
      i % 11 === 10
        ? null
        : {
            amount_minor: random.between(5, 1500) * 10_000,
            currency: i % 7 === 6 ? "EUR" : "GBP",
          },
    expected_close_on: i % 4 === 3 ? null : iso(NOW + random.between(-5, 90) * DAY).slice(0, 10),
    contact: contact && i % 3 !== 2 ? { id: contact.id, name: contact.name } : null,
    company: { id: company.id, name: company.name },
    owner: { id: user.id, name: user.name },
    custom: {},
    stage_entered_at: iso(entered),
    created_at: iso(entered - random.between(0, 30) * DAY),
    updated_at: iso(entered),
    version: 1,
  };
}

/** A change of a deal as the deal shows it: its stage by name. */
export function shownDeal(data: MemoryData, change: Wire.DealPatch, now: string): object {
  const { stage_id, contact_id, ...rest } = change;
  const contact = data.contacts.find(({ id }) => id === contact_id);
  const stage = stageOf(data, stage_id);
  return {
    ...rest,
    ...(stage ? { stage: { id: stage.id, name: stage.name }, stage_entered_at: now } : {}),
    ...(contact_id === undefined ? {} : { contact: contact ? { id: contact.id, name: contact.name } : null }),
  };
}

const stageOf = (data: MemoryData, id: string | undefined) =>
  data.pipelines.flatMap(({ stages }) => stages).find((stage) => stage.id === id);

/** What the provider answers about pipelines. */
export function dealsProvider(
  data: MemoryData,
  random: Random,
  answer: <T>(make: () => T) => Promise<T>,
): Pick<DataProvider, "pipelines" | "createPipeline" | "updatePipeline" | "board"> {
  const find = (id: string) => {
    const found = data.pipelines.find((pipeline) => pipeline.id === id);
    if (!found) throw new ApiError(404, "not_found", "there is no such pipeline");
    return found;
  };
  return {
    pipelines: () => answer(() => data.pipelines),
    createPipeline: ({ name, stages }) =>
      answer(() => {
        const created = {
          id: random.id(),
          name,
          version: 1,
          stages: stages.map((stage) => ({ ...stage, id: random.id() })),
        };
        data.pipelines = [...data.pipelines, created];
        return created;
      }),
    updatePipeline: (id, version, change) =>
      answer(() => {
        const old = find(id);
        if (old.version !== version)
          throw new ApiError(412, "version_conflict", "somebody else changed this record");
        const changed = changedPipeline(data, random, old, change);
        data.pipelines = data.pipelines.map((pipeline) => (pipeline.id === id ? changed : pipeline));
        return changed;
      }),
    board: (id, query, limit) => answer(() => boardOf(data, find(id), query, limit)),
  };
}

function changedPipeline(
  data: MemoryData,
  random: Random,
  old: Wire.Pipeline,
  { name, stages, moves }: Wire.PipelinePatch,
): Wire.Pipeline {
  const changed = {
    ...old,
    name: name ?? old.name,
    version: old.version + 1,
    stages: stages?.map((stage) => ({ ...stage, id: stage.id ?? random.id() })) ?? old.stages,
  };
  const targets = new Map(moves?.map(({ from, to }) => [from, to]));
  data.deals = data.deals.map((deal) => {
    const target = changed.stages.find(({ id }) => id === targets.get(deal.stage.id));
    return target ? { ...deal, stage: { id: target.id, name: target.name } } : deal;
  });
  return changed;
}

function boardOf(data: MemoryData, pipeline: Wire.Pipeline, query: ListQuery, limit: number): Wire.DealBoard {
  const columns = pipeline.stages.map((stage) => {
    const all = data.deals.filter((deal) => deal.stage.id === stage.id);
    const found = listRows(all, { sort: "-stage_entered_at", ...query }, { limit: all.length || 1 }).items;
    const sums = sumsOf(found);
    const entered = all.map((deal) => deal.stage_entered_at).sort();
    return {
      stage,
      n_deals: found.length,
      sums,
      weighted: sums.map(({ amount_minor, currency }) => ({
        amount_minor: Math.round(amount_minor * stage.probability),
        currency,
      })),
      median_entered_at: entered[Math.floor((entered.length - 1) / 2)] ?? null,
      deals: found.slice(0, limit),
      next_cursor: found.length > limit ? String(limit) : null,
    };
  });
  return { pipeline, columns };
}

function sumsOf(deals: Wire.Deal[]): Wire.Money[] {
  const sums = new Map<string, number>();
  for (const { amount } of deals)
    if (amount) sums.set(amount.currency, (sums.get(amount.currency) ?? 0) + amount.amount_minor);
  return [...sums]
    .map(([currency, amount_minor]) => ({ currency, amount_minor }))
    .sort((a, b) => a.currency.localeCompare(b.currency));
}
