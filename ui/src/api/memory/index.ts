import type {
  DataProvider,
  EditResource,
  ListRecords,
  ListResource,
  ServerChange,
  ShowRecords,
  ShowResource,
} from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import { accessProvider } from "./access";
import { auditProvider } from "./audit";
import { shown, throughContacts } from "./changes";
import { gbp, makeCompany, months, NOW, type MemoryData } from "./company";
import { dealsProvider, shownDeal } from "./deals";
import {
  conflictsOf,
  DRY_RUN_ROWS,
  dryRunOf,
  EFFECTS,
  progressed,
  rejectedRows,
  uploadedImport,
  PRESETS,
  withPreset,
  withSheet,
} from "./importing";
import { bulkProvider } from "./bulk";
import { customFieldProvider } from "./customFields";
import { IdentityLog, identityProvider } from "./identities";
import { jobRunner } from "./jobs";
import { learningProvider, makeLearning, type Learning } from "./learning";
import { listRows, pageOf } from "./lists";
import { matchingProvider, MatchQueue } from "./matching";
import { notesOf, profileOf, timelineOf } from "./profile";
import { Random } from "./random";
import { rightsProvider } from "./rights";
import { sourceProvider } from "./sources";
import { viewProvider } from "./views";
import { mailboxProvider } from "./mailboxes";
import { webhookProvider } from "./webhooks";

export interface MemoryOptions {
  customers?: number;
  /** Deals of the first pipeline. */
  deals?: number;
  /** Contacts that stand in the records a second time. */
  duplicates?: number;
  /** Whether somebody has looked for duplicates already. */
  isMatched?: boolean;
  /** Milliseconds that each answer takes. */
  latency?: number;
  isSignedIn?: boolean;
  /** What the user may do. */
  role?: Wire.Role;
  /** What a role that somebody has put together allows; the built-in one counts where absent. */
  policy?: Wire.RolePolicy;
}

export interface MemoryProvider extends DataProvider {
  data: MemoryData;
  learning: Learning;
  log: IdentityLog;
  queue: MatchQueue;
  /** Tells all listeners what a server would tell them. */
  announce: (change: ServerChange) => void;
}

/** A provider without a server: a make-believe company for tests and design work. */
export function memoryProvider({
  customers = 400,
  deals,
  duplicates = 0,
  isMatched = true,
  latency = 0,
  isSignedIn = true,
  role = "admin",
  policy,
}: MemoryOptions = {}): MemoryProvider {
  const data = makeCompany(customers, 7, deals);
  const learning = makeLearning(customers);
  data.runs = learning.store.runs;
  const random = new Random(99);
  const listeners = new Set<(change: ServerChange) => void>();
  const announce = (change: ServerChange) => listeners.forEach((listener) => listener(change));
  const pause = () => new Promise((resolve) => setTimeout(resolve, latency));
  const answer = async <T>(make: () => T): Promise<T> => {
    await pause();
    return make();
  };
  const nowText = () => new Date(NOW).toISOString();
  const sessionOf = ({ id, email, name, role, language }: Wire.User): Wire.SessionUser => ({
    id,
    email: email ?? "",
    name,
    role: role ?? "viewer",
    language: language ?? "en",
    theme: null,
  });
  let user = isSignedIn ? sessionOf({ ...data.users[0]!, role }) : null;
  let settings: Wire.Settings = {
    workspace_name: "Acme Inc.",
    default_currency: "GBP",
    default_region: "GB",
    attaches_companies: false,
  };
  data.imports = [
    progressed(
      uploadedImport(random.id(), "online_retail.csv.gz", 7_341_220, "Web shop", nowText()),
      398_867,
      398_867,
      nowText(),
    ),
  ];

  const rows = <R extends ListResource>(resource: R) => data[resource] as unknown as ListRecords[R][];
  function find<T extends { id: string }>(all: T[], id: string): T {
    const found = all.find((row) => row.id === id);
    if (!found) throw new ApiError(404, "not_found", "no such record");
    return found;
  }
  const shownValues = (resource: EditResource, values: object) =>
    shown(data, resource === "deals" ? shownDeal(data, values, nowText()) : values);
  function replaceImport(next: Wire.Import) {
    data.imports = data.imports.map((row) => (row.id === next.id ? next : row));
    announce({ event: "import", import: next });
    return next;
  }
  const runJob = jobRunner(random, nowText, announce);
  const actor = () => user && { id: user.id, name: user.name };
  const log = new IdentityLog(data, new Random(98), nowText, actor);
  const queue = new MatchQueue(log, duplicates, isMatched);
  return {
    data,
    learning,
    log,
    queue,
    announce,
    ...dealsProvider(data, random, answer),
    ...learningProvider(learning, answer, actor, announce),
    session: () => answer(() => user),
    signIn: (email, password) =>
      answer(() => {
        if (password === "wrong")
          throw new ApiError(401, "bad_credentials", "e-mail or password is not right");
        return (user = sessionOf(data.users.find((known) => known.email === email) ?? data.users[0]!));
      }),
    signOut: () => answer(() => void (user = null)),
    updateMe: (change) => answer(() => void (user = user && { ...user, name: change.name ?? user.name })),
    changePassword: () => answer(() => undefined),
    ...accessProvider(random, answer, nowText, actor),
    ...mailboxProvider(random, answer, nowText),
    ...webhookProvider(random, answer, nowText, actor),
    ...auditProvider(data, random, answer, nowText),
    ...rightsProvider(data, random, answer, nowText, () => user, policy),
    home: () => answer(() => homeOf(data, settings)),
    search: (text) => answer(() => searchIn(data, text)),
    settings: () => answer(() => settings),
    updateSettings: (change) => answer(() => (settings = { ...settings, ...change })),
    createUser: ({ email, name, role }) =>
      answer(() => {
        const created = {
          id: random.id(),
          email,
          name,
          role,
          role_id: null,
          language: "en" as const,
          created_at: nowText(),
          disabled_at: null,
        };
        data.users = [...data.users, created];
        return created;
      }),
    list: (resource, query, page) =>
      answer(() => {
        const filter = throughContacts(data, resource, query.filter ?? []);
        return listRows(rows(resource), { ...query, filter }, page);
      }),
    find: <R extends ShowResource>(resource: R, id: string) =>
      answer(() => find(data[resource] as unknown as ShowRecords[R][], id)),
    create: <R extends EditResource>(resource: R, values: object) =>
      answer(() => {
        const blank =
          resource === "contacts"
            ? {
                ...data.contacts[0]!,
                email: null,
                phone: null,
                title: null,
                company: null,
                tags: [],
                n_orders: 0,
                total_spent: null,
                last_order_at: null,
                first_order_at: null,
                last_activity_at: null,
                segment: null,
              }
            : resource === "deals"
              ? {
                  ...{ amount: null, expected_close_on: null, contact: null, company: null, owner: null },
                  ...{ custom: {}, stage_entered_at: nowText() },
                }
              : (rows(resource)[0] as object);
        const created = {
          ...blank,
          ...shownValues(resource, values),
          id: random.id(),
          version: 1,
          created_at: nowText(),
          updated_at: nowText(),
        };
        (data[resource] as unknown[]).unshift(created);
        return created as unknown as ListRecords[R];
      }),
    update: <R extends EditResource>(resource: R, id: string, version: number, change: object) =>
      answer(() => {
        const old = find(rows(resource) as (Wire.Contact | Wire.Task)[], id);
        if (old.version !== version) throw new ApiError(412, "conflict", "somebody else changed this record");
        const { address, ...rest } = shownValues(resource, change) as Wire.ContactPatch;
        const next = {
          ...old,
          ...rest,
          ...(address ? { address: { ...(old as Wire.Contact).address, ...address } } : {}),
          version: version + 1,
        };
        const all = data[resource] as { id: string }[];
        all.splice(
          all.findIndex((row) => row.id === id),
          1,
          next,
        );
        return next as unknown as ListRecords[R];
      }),
    profile: (id) => answer(() => profileOf(data, find(data.contacts, id))),
    timeline: (id, page) => answer(() => pageOf(timelineOf(data, id), page)),
    sourceRecords: (id, page) =>
      answer(() =>
        pageOf(
          data.orders
            .filter((order) => order.contact?.id === id)
            .map((order, i): Wire.SourceRecord => ({
              id: `${order.id}-source`,
              source: order.source!,
              import_id: data.imports[0]!.id,
              line: 120 + i * 17,
              received_at: order.ordered_at,
              cells: [
                { column: "InvoiceNo", value: order.external_id ?? "" },
                { column: "InvoiceDate", value: order.ordered_at },
                { column: "Country", value: "United Kingdom" },
              ],
            })),
          page,
        ),
      ),
    exportHref: (list, { sort = "" }, format) => `/api/v1/exports/${list}.${format}?sort=${sort}`,
    ...sourceProvider(random, nowText, answer),
    ...viewProvider(random, nowText, answer),
    notes: (subject, page) =>
      answer(() =>
        pageOf(
          notesOf(data)
            .filter((note) => note.subject.id === subject.id)
            .reverse(),
          page,
        ),
      ),
    ...matchingProvider(queue, answer, runJob),
    ...identityProvider(log, answer, (operation) => queue.reopen(operation)),
    ...bulkProvider(data, random, nowText, answer, shownValues),
    ...customFieldProvider(random, nowText, answer),
    createNote: (subject, body) =>
      answer(() => {
        const note = {
          id: random.id(),
          body,
          subject,
          author: user && { id: user.id, name: user.name },
          created_at: nowText(),
          updated_at: nowText(),
        };
        notesOf(data).push(note);
        return note;
      }),
    currentSegmentation: () => answer(() => (data.contacts.length > 0 ? data.segmentation : null)),
    segmentMap: () => answer(() => data.map),
    members: (id, page) =>
      answer(() =>
        pageOf(
          data.contacts.filter((contact) => contact.segment?.id === id),
          page,
        ),
      ),
    startSegmentation: () =>
      answer(() =>
        runJob(
          "segmentation",
          20,
          (done) => {
            if (done === 20) announce({ event: "segmentation", segmentation: data.segmentation });
          },
          { is_champion_kept: true, refusal: "not_better_than_champion" },
        ),
      ),
    upload: async (file, source, onProgress, signal) => {
      for (const share of [0.3, 0.7, 1]) {
        onProgress(share);
        await pause();
        signal?.throwIfAborted();
      }
      const created = uploadedImport(random.id(), file.name, file.size, source, nowText());
      data.imports = [created, ...data.imports];
      return created;
    },
    importPresets: () => answer(() => PRESETS),
    setPreset: (id, preset) => answer(() => replaceImport(withPreset(find(data.imports, id), preset))),
    setSheet: (id, sheet) => answer(() => replaceImport(withSheet(find(data.imports, id), sheet))),
    setMapping: (id, mapping) =>
      answer(() => replaceImport({ ...find(data.imports, id), mapping, entity: mapping.entity })),
    runImport: (id) =>
      answer(() => {
        const started = find(data.imports, id);
        const job = runJob("import_file", 20, (done) => {
          replaceImport({
            ...progressed(started, Math.round((398_867 * done) / 20), 398_867, nowText()),
            job_id: started.job_id,
          });
        });
        replaceImport({ ...started, status: "running", job_id: job.id });
      }),
    startDryRun: (id) =>
      answer(() => {
        const job = runJob("dry_run", 1, () => undefined);
        replaceImport({ ...find(data.imports, id), dry_run_job_id: job.id });
      }),
    dryRun: (id) => answer(() => dryRunOf(find(data.imports, id))),
    dryRunRows: (_, only, page) =>
      answer(() =>
        pageOf(only ? DRY_RUN_ROWS.filter(({ verdict }) => verdict === only) : DRY_RUN_ROWS, page),
      ),
    cancelImport: (id) =>
      answer(() => void replaceImport({ ...find(data.imports, id), status: "cancelled" })),
    undoImport: (id) =>
      answer(() => {
        const before = find(data.imports, id);
        const job = runJob("undo_import", 4, (done) => {
          replaceImport({ ...find(data.imports, id), status: done === 4 ? "undone" : "undoing" });
        });
        replaceImport({ ...before, status: "undoing", undo_job_id: job.id });
      }),
    importEffects: () => answer(() => EFFECTS),
    importConflicts: (_, page) => answer(() => pageOf(conflictsOf(data.contacts[0]!), page)),
    rejectedRows: (_, page) => answer(() => pageOf(rejectedRows(), page)),
    rejectedFileHref: (id) => `/api/v1/imports/${id}/rejected_rows.csv`,
    cancelJob: () => answer(() => undefined),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function searchIn(data: MemoryData, text: string): Wire.SearchResult[] {
  const needle = text.toLowerCase();
  const has = (name: string | null | undefined) => name?.toLowerCase().includes(needle) ?? false;
  return [
    ...data.contacts
      .filter((c) => has(c.name) || has(c.email))
      .slice(0, 6)
      .map((c) => ({
        kind: "contact" as const,
        id: c.id,
        title: c.name,
        subtitle: c.email,
        href: `/contacts/${c.id}`,
      })),
    ...data.companies
      .filter((c) => has(c.name))
      .slice(0, 3)
      .map((c) => ({
        kind: "company" as const,
        id: c.id,
        title: c.name,
        subtitle: c.domain,
        href: `/companies/${c.id}`,
      })),
    ...data.products
      .filter((p) => has(p.name) || has(p.sku))
      .slice(0, 3)
      .map((p) => ({
        kind: "product" as const,
        id: p.id,
        title: p.name,
        subtitle: p.sku,
        href: `/products/${p.id}`,
      })),
  ];
}

const TODAY = new Date(NOW).toISOString().slice(0, 10);

function homeOf(data: MemoryData, settings: Wire.Settings): Wire.Home {
  const late = data.contacts.filter((c) => data.kindOf.get(c.id) === 4).slice(0, 3);
  const revenue = data.orders.reduce((sum, order) => sum + order.amount.amount_minor, 0) / 100;
  const season = [0.82, 0.7, 0.74, 0.9, 0.86, 1.02, 0.94, 0.88, 1.12, 1.3, 1.52, 1.18];
  return {
    workspace: { name: settings.workspace_name, currency: settings.default_currency },
    totals: {
      contacts: data.contacts.length,
      companies: data.companies.length,
      orders: data.orders.length,
      products: data.products.length,
      events: data.orders.length * 9,
      revenue: gbp(revenue),
    },
    revenue_by_month: months(12).map((month, i) => ({
      month,
      amount_minor: Math.round((revenue * 100 * season[i]!) / 12),
      currency: "GBP",
      n_orders: Math.round((data.orders.length * season[i]!) / 12),
    })),
    actions: [
      ...late.map((c, i) => ({
        id: `late-${c.id}`,
        kind: "call_customer" as const,
        title: { en: `Get in touch with ${c.name}`, zh: `联系${c.name}` },
        reason: {
          en: `Buys every ${24 + i * 5} days, silent for ${128 + i * 9}; worth £${Math.round((c.total_spent?.amount_minor ?? 0) / 100).toLocaleString("en")} so far.`,
          zh: `平均每 ${24 + i * 5} 天购买一次，已沉默 ${128 + i * 9} 天；累计消费 £${Math.round((c.total_spent?.amount_minor ?? 0) / 100)}。`,
        },
        href: `/contacts/${c.id}`,
        contact: { id: c.id, name: c.name },
      })),
      ...data.tasks
        .filter(({ status, due_on }) => status === "open" && due_on !== null && due_on <= TODAY)
        .map((task) => ({
          id: `task-${task.id}`,
          kind: "do_task" as const,
          title: { en: task.title, zh: task.title },
          reason: { en: "Due today", zh: "今天到期" },
          href: "/tasks",
          contact: task.contact,
        })),
      {
        id: "ticket",
        kind: "answer_ticket" as const,
        title: { en: "Answer “Where is my order?”", zh: "回复工单“Where is my order?”" },
        reason: { en: "Urgent ticket, open for 3 days.", zh: "紧急工单，已打开 3 天。" },
        href: `/tickets/${data.tickets[2]?.id}`,
        contact: data.tickets[2]?.contact ?? null,
      },
      {
        id: "import",
        kind: "mend_import" as const,
        title: { en: "Mend 519 rejected rows", zh: "修正 519 行被拒绝的数据" },
        reason: {
          en: "online_retail.csv.gz: most have a quantity that is no number.",
          zh: "online_retail.csv.gz：多数行的数量不是数字。",
        },
        href: `/imports/${data.imports[0]?.id}`,
        contact: null,
      },
    ],
    segments: data.segmentation.segments.map(({ id, name, color, size, share, value_share }) => ({
      color,
      id,
      name,
      size,
      share,
      value_share,
    })),
    recent_imports: data.imports.slice(0, 4),
    jobs: [],
  };
}
