import { whole, wholeBoard, wholeProfile } from "./absent";
import { createApi, unwrap } from "./client";
import type {
  BulkTarget,
  DataProvider,
  EditResource,
  ListQuery,
  ListRecords,
  ListResource,
  PageRequest,
  ShowRecords,
  ShowResource,
} from "./dataProvider";
import { matchingProvider } from "./httpMatching";
import { listParameters, pageParameters, queryParameters, toPage } from "./parameters";
import { ApiError } from "./problem";
import { shareStream } from "./stream";
import type * as Wire from "./types";
import { uploadFile } from "./upload";

/** The provider that talks to the server. */
export function httpProvider(): DataProvider {
  const api = createApi();
  const of = (id: Wire.Id) => ({ params: { path: { id } } });

  return {
    session: () => orNull(401, async () => (await unwrap(api.GET("/api/v1/session"))).user),
    signIn: async (email, password) =>
      (await unwrap(api.POST("/api/v1/session", { body: { email, password } }))).user,
    signOut: async () => void (await unwrap(api.DELETE("/api/v1/session"))),
    updateMe: async (body) => void (await unwrap(api.PATCH("/api/v1/me", { body }))),
    changePassword: async (current, next) =>
      void (await unwrap(api.POST("/api/v1/me/password", { body: { current, new: next } }))),

    sessions: async () => (await unwrap(api.GET("/api/v1/me/sessions"))).sessions,
    endSession: async (id) => void (await unwrap(api.DELETE("/api/v1/me/sessions/{id}", of(id)))),
    endOtherSessions: async () => void (await unwrap(api.DELETE("/api/v1/me/sessions"))),
    apiKeys: () => unwrap(api.GET("/api/v1/api_keys")),
    createApiKey: (body) => unwrap(api.POST("/api/v1/api_keys", { body })),
    revokeApiKey: async (id) => void (await unwrap(api.DELETE("/api/v1/api_keys/{id}", of(id)))),

    mailboxes: async () => (await unwrap(api.GET("/api/v1/mailboxes"))).mailboxes,
    createMailbox: (body) => unwrap(api.POST("/api/v1/mailboxes", { body })),
    updateMailbox: (id, version, body) =>
      unwrap(
        api.PATCH("/api/v1/mailboxes/{id}", {
          params: { path: { id }, header: { "If-Match": `"${version}"` } },
          body,
        }),
      ),
    deleteMailbox: async (id) => void (await unwrap(api.DELETE("/api/v1/mailboxes/{id}", of(id)))),
    readMailbox: async (id) => void (await unwrap(api.POST("/api/v1/mailboxes/{id}/readings", of(id)))),
    checkMailbox: (body) => unwrap(api.POST("/api/v1/mailbox_checks", { body })),
    webhooks: () => unwrap(api.GET("/api/v1/webhooks")),
    createWebhook: (body) => unwrap(api.POST("/api/v1/webhooks", { body })),
    updateWebhook: (id, version, body) =>
      unwrap(
        api.PATCH("/api/v1/webhooks/{id}", {
          params: { path: { id }, header: { "If-Match": `"${version}"` } },
          body,
        }),
      ),
    deleteWebhook: async (id) => void (await unwrap(api.DELETE("/api/v1/webhooks/{id}", of(id)))),
    rotateWebhookSecret: (id) => unwrap(api.POST("/api/v1/webhooks/{id}/rotate_secret", of(id))),
    testWebhook: (id) => unwrap(api.POST("/api/v1/webhooks/{id}/test", of(id))),
    webhookDeliveries: async (id, only, request) => {
      const filter = only ? { filter: [`status:eq:${only}`] } : {};
      const query = { ...pageParameters(request), ...filter };
      const answer = api.GET("/api/v1/webhooks/{id}/deliveries", { params: { path: { id }, query } });
      return toPage(await unwrap(answer), "deliveries");
    },
    webhookDelivery: (id, delivery_id) =>
      unwrap(
        api.GET("/api/v1/webhooks/{id}/deliveries/{delivery_id}", { params: { path: { id, delivery_id } } }),
      ),
    replayWebhook: async (id, body) =>
      (await unwrap(api.POST("/api/v1/webhooks/{id}/replay", { ...of(id), body }))).n_deliveries,
    replayWebhookDelivery: async (id, delivery_id) => {
      const path = "/api/v1/webhooks/{id}/deliveries/{delivery_id}/replay";
      await unwrap(api.POST(path, { params: { path: { id, delivery_id } } }));
    },

    access: () => unwrap(api.GET("/api/v1/me/access")),
    roles: async () => (await unwrap(api.GET("/api/v1/roles"))).roles,
    createRole: (body) => unwrap(api.POST("/api/v1/roles", { body })),
    updateRole: (id, version, body) =>
      unwrap(
        api.PUT("/api/v1/roles/{id}", {
          params: { path: { id }, header: { "If-Match": `"${version}"` } },
          body,
        }),
      ),
    deleteRole: async (id) => void (await unwrap(api.DELETE("/api/v1/roles/{id}", of(id)))),
    updateUser: (id, body) => unwrap(api.PATCH("/api/v1/users/{id}", { ...of(id), body })),
    teams: async () => (await unwrap(api.GET("/api/v1/teams"))).teams,
    createTeam: (body) => unwrap(api.POST("/api/v1/teams", { body })),
    updateTeam: (id, body) => unwrap(api.PUT("/api/v1/teams/{id}", { ...of(id), body })),
    deleteTeam: async (id) => void (await unwrap(api.DELETE("/api/v1/teams/{id}", of(id)))),
    teamMembers: async (id) => (await unwrap(api.GET("/api/v1/teams/{id}/members", of(id)))).members,
    setTeamMembers: async (id, members) =>
      (await unwrap(api.PUT("/api/v1/teams/{id}/members", { ...of(id), body: { members } }))).members,
    shares: async (object, id) =>
      (await unwrap(api.GET("/api/v1/records/{object}/{id}/shares", ofRecord(object, id)))).shares,
    setShares: async (object, id, shares) =>
      (
        await unwrap(
          api.PUT("/api/v1/records/{object}/{id}/shares", { ...ofRecord(object, id), body: { shares } }),
        )
      ).shares,
    pools: async () => (await unwrap(api.GET("/api/v1/pools"))).pools,
    setPool: (object, body) =>
      unwrap(api.PUT("/api/v1/pools/{object}", { params: { path: { object } }, body })),
    claim: async (object, id) =>
      void (await unwrap(api.POST("/api/v1/records/{object}/{id}/claim", ofRecord(object, id)))),
    release: async (object, id) =>
      void (await unwrap(api.DELETE("/api/v1/records/{object}/{id}/claim", ofRecord(object, id)))),

    home: () => unwrap(api.GET("/api/v1/home")),
    search: async (q, signal) =>
      (await unwrap(api.GET("/api/v1/search", { params: { query: { q } }, signal }))).results,
    settings: () => unwrap(api.GET("/api/v1/settings")),
    updateSettings: (body) => unwrap(api.PATCH("/api/v1/settings", { body })),
    createUser: (body) => unwrap(api.POST("/api/v1/users", { body })),

    // All lists, records and changes are asked for alike; one path stands for all in the types,
    // because the compiler cannot follow a path that depends on a type parameter.
    list: async <R extends ListResource>(resource: R, query: ListQuery, request: PageRequest) => {
      const path = `/api/v1/${resource}` as "/api/v1/contacts";
      const answer = await unwrap(api.GET(path, { params: { query: listParameters(query, request) } }));
      return toPage<ListRecords[R]>(answer, resource);
    },
    find: async <R extends ShowResource>(resource: R, id: Wire.Id) =>
      whole<ShowRecords[R]>(
        resource,
        await unwrap(api.GET(`/api/v1/${resource}/{id}` as "/api/v1/contacts/{id}", of(id))),
      ),
    create: async <R extends EditResource>(resource: R, values: object) =>
      whole<ListRecords[R]>(
        resource,
        await unwrap(api.POST(`/api/v1/${resource}` as "/api/v1/contacts", { body: values })),
      ),
    update: async <R extends EditResource>(resource: R, id: Wire.Id, version: number, change: object) =>
      whole<ListRecords[R]>(
        resource,
        await unwrap(
          api.PATCH(`/api/v1/${resource}/{id}` as "/api/v1/contacts/{id}", {
            params: { path: { id }, header: { "If-Match": `"${version}"` } },
            body: change,
          }),
        ),
      ),

    previewBulkEdit: (resource, target, change, signal) =>
      unwrap(
        api.POST(bulkPath(resource), {
          params: { query: { dry_run: true } },
          body: { ...bulkTarget(target), ...change },
          ...(signal ? { signal } : {}),
        }),
      ) as Promise<unknown> as Promise<Wire.BulkEditPreview>,
    startBulkEdit: async (resource, target, change, expect) => {
      const body = { ...bulkTarget(target), ...change, expect };
      const accepted = await unwrap(api.POST(bulkPath(resource), { body }));
      return (accepted as unknown as { bulk_edit: Wire.BulkEdit }).bulk_edit;
    },
    bulkEdits: async (request) => {
      const params = { query: pageParameters(request) };
      return toPage(await unwrap(api.GET("/api/v1/bulk_edits", { params })), "bulk_edits");
    },
    bulkEdit: (id) => unwrap(api.GET("/api/v1/bulk_edits/{id}", of(id))),
    undoBulkEdit: async (id) => (await unwrap(api.POST("/api/v1/bulk_edits/{id}/undo", of(id)))).bulk_edit,
    bulkConflicts: async (id, request) => {
      const params = { path: { id }, query: pageParameters(request) };
      return toPage(await unwrap(api.GET("/api/v1/bulk_edits/{id}/conflicts", { params })), "conflicts");
    },
    refusedFileHref: (id) => `/api/v1/bulk_edits/${id}/refused_rows.csv`,

    sources: async () => (await unwrap(api.GET("/api/v1/sources"))).sources,
    createSource: (name) => unwrap(api.POST("/api/v1/sources", { body: { name } })),
    audit: async (query, request) => {
      const page = await unwrap(
        api.GET("/api/v1/audit", {
          params: { query: { ...pageParameters(request), ...queryParameters(query) } },
        }),
      );
      return { ...toPage<Wire.AuditEntry>(page, "entries"), names: page.names };
    },
    verifyAudit: () => unwrap(api.GET("/api/v1/audit/verification")),
    restoreAudit: (id) => unwrap(api.POST("/api/v1/audit/{id}/restore", { params: { path: { id } } })),
    eraseAudit: (object, object_id) =>
      unwrap(api.POST("/api/v1/audit/erasures", { body: { object, object_id } })),
    deleteContact: async (id, version) => {
      const params = { path: { id }, header: { "If-Match": `"${version}"` } };
      await unwrap(api.DELETE("/api/v1/contacts/{id}", { params }));
    },
    ledger: async (from, until) =>
      (await unwrap(api.GET("/api/v1/ledger", { params: { query: { from, until } } }))).days,
    writeKeys: async (id) => (await unwrap(api.GET("/api/v1/sources/{id}/write_keys", of(id)))).write_keys,
    createWriteKey: (id) => unwrap(api.POST("/api/v1/sources/{id}/write_keys", of(id))),
    revokeWriteKey: async (id) => void (await unwrap(api.DELETE("/api/v1/write_keys/{id}", of(id)))),

    pipelines: async () => (await unwrap(api.GET("/api/v1/pipelines"))).pipelines,
    createPipeline: (body) => unwrap(api.POST("/api/v1/pipelines", { body })),
    updatePipeline: (id, version, body) =>
      unwrap(
        api.PATCH("/api/v1/pipelines/{id}", {
          params: { path: { id }, header: { "If-Match": `"${version}"` } },
          body,
        }),
      ),
    board: async (id, query, limit) => {
      const { count: _, ...parameters } = listParameters(query, { limit });
      const params = { path: { id }, query: parameters };
      return wholeBoard(await unwrap(api.GET("/api/v1/pipelines/{id}/board", { params })));
    },

    profile: async (id) => wholeProfile(await unwrap(api.GET("/api/v1/contacts/{id}/profile", of(id)))),
    timeline: async (id, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/contacts/{id}/timeline", {
            params: { path: { id }, query: pageParameters(request) },
          }),
        ),
        "entries",
      ),
    sourceRecords: async (id, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/contacts/{id}/source_records", {
            params: { path: { id }, query: pageParameters(request) },
          }),
        ),
        "source_records",
      ),
    exportHref: (list, query, format) => {
      const parameters = new URLSearchParams();
      for (const [name, value] of Object.entries(queryParameters(query)))
        for (const one of [value].flat()) parameters.append(name, one);
      return `/api/v1/exports/${list}.${format}?${parameters.toString()}`;
    },
    savedViews: async () => (await unwrap(api.GET("/api/v1/saved_views"))).saved_views,
    createSavedView: (view) => unwrap(api.POST("/api/v1/saved_views", { body: view })),
    updateSavedView: (id, version, change) =>
      unwrap(
        api.PATCH("/api/v1/saved_views/{id}", {
          params: { path: { id }, header: { "If-Match": `"${version}"` } },
          body: change,
        }),
      ),
    deleteSavedView: async (id) => void (await unwrap(api.DELETE("/api/v1/saved_views/{id}", of(id)))),
    notes: async ({ id }, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/notes", {
            params: {
              query: { ...pageParameters(request), filter: [`subject_id:eq:${id}`], sort: "-created_at" },
            },
          }),
        ),
        "notes",
      ),
    customFields: async () => (await unwrap(api.GET("/api/v1/custom_fields"))).custom_fields,
    createCustomField: (field) => unwrap(api.POST("/api/v1/custom_fields", { body: field })),
    updateCustomField: (id, version, change) =>
      unwrap(
        api.PATCH("/api/v1/custom_fields/{id}", {
          params: { path: { id }, header: { "If-Match": `"${version}"` } },
          body: change,
        }),
      ),
    deleteCustomField: async (id) => void (await unwrap(api.DELETE("/api/v1/custom_fields/{id}", of(id)))),
    createNote: (subject, body) => unwrap(api.POST("/api/v1/notes", { body: { subject, body } })),

    ...matchingProvider(api),

    currentSegmentation: () => orNull(404, () => unwrap(api.GET("/api/v1/segmentations/current"))),
    segmentMap: (id) => unwrap(api.GET("/api/v1/segmentations/{id}/map", of(id))),
    members: async (id, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/segments/{id}/members", {
            params: { path: { id }, query: { ...pageParameters(request), sort: "-total_spent" } },
          }),
        ),
        "contacts",
      ),
    startSegmentation: async (body) => (await unwrap(api.POST("/api/v1/segmentations", { body }))).job,

    compareRuns: async (ids) =>
      (await unwrap(api.GET("/api/v1/runs/compare", { params: { query: { run: ids.join(",") } } }))).runs,
    curves: async (ids, metrics) => {
      const query = { run: ids.join(","), ...(metrics ? { metric: metrics.join(",") } : {}) };
      return (await unwrap(api.GET("/api/v1/runs/curves", { params: { query } }))).runs;
    },
    evaluation: (id) => orNull(404, () => unwrap(api.GET("/api/v1/runs/{id}/evaluation", of(id)))),
    trials: async (id, query, request) => {
      const params = { path: { id }, query: listParameters(query, request) };
      const page = toPage<Wire.Trial>(
        await unwrap(api.GET("/api/v1/runs/{id}/trials", { params })),
        "trials",
      );
      return { ...page, items: page.items.map((trial) => ({ ...trial, id: String(trial.number) })) };
    },

    models: async () => (await unwrap(api.GET("/api/v1/models"))).models,
    model: (kind) => unwrap(api.GET("/api/v1/models/{kind}", { params: { path: { kind } } })),
    modelVersion: (kind, version) =>
      unwrap(api.GET("/api/v1/models/{kind}/versions/{version}", { params: { path: { kind, version } } })),
    changeStage: (kind, revision, body) =>
      unwrap(api.POST("/api/v1/models/{kind}/transitions", { params: ofKind(kind, revision), body })),
    rollBack: (kind, revision, reason) =>
      unwrap(
        api.POST("/api/v1/models/{kind}/rollbacks", { params: ofKind(kind, revision), body: { reason } }),
      ),

    upload: uploadFile,
    importFields: async () => (await unwrap(api.GET("/api/v1/import_fields"))).import_fields,
    importPresets: async () => (await unwrap(api.GET("/api/v1/import_presets"))).import_presets,
    setPreset: (id, preset) =>
      unwrap(api.PUT("/api/v1/imports/{id}/preset", { ...of(id), body: { preset } })),
    setSheet: (id, sheet) => unwrap(api.PUT("/api/v1/imports/{id}/sheet", { ...of(id), body: { sheet } })),
    setMapping: (id, body) => unwrap(api.PUT("/api/v1/imports/{id}/mapping", { ...of(id), body })),
    startDryRun: async (id) => void (await unwrap(api.POST("/api/v1/imports/{id}/dry_run", of(id)))),
    dryRun: (id) => unwrap(api.GET("/api/v1/imports/{id}/dry_run", of(id))),
    dryRunRows: async (id, only, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/imports/{id}/dry_run/rows", {
            params: {
              path: { id },
              query: { ...pageParameters(request), filter: only ? [`verdict:eq:${only}`] : [] },
            },
          }),
        ),
        "dry_run_rows",
      ),
    runImport: async (id) => void (await unwrap(api.POST("/api/v1/imports/{id}/run", of(id)))),
    cancelImport: async (id) => void (await unwrap(api.POST("/api/v1/imports/{id}/cancel", of(id)))),
    undoImport: async (id) => void (await unwrap(api.POST("/api/v1/imports/{id}/undo", of(id)))),
    importEffects: async (id) => (await unwrap(api.GET("/api/v1/imports/{id}/effects", of(id)))).effects,
    importConflicts: async (id, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/imports/{id}/conflicts", {
            params: { path: { id }, query: pageParameters(request) },
          }),
        ),
        "conflicts",
      ),
    rejectedRows: async (id, request) =>
      toPage(
        await unwrap(
          api.GET("/api/v1/imports/{id}/rejected_rows", {
            params: { path: { id }, query: pageParameters(request) },
          }),
        ),
        "rejected_rows",
      ),
    rejectedFileHref: (id) => `/api/v1/imports/${id}/rejected_rows.csv`,
    cancelJob: async (id) => void (await unwrap(api.POST("/api/v1/jobs/{id}/cancel", of(id)))),

    subscribe: shareStream,
  };
}

const ofRecord = (object: Wire.OwnedKind, id: Wire.Id) => ({ params: { path: { object, id } } });

const ofKind = (kind: string, revision: number) => ({
  path: { kind },
  header: { "If-Match": `"${revision}"` },
});

const bulkPath = (resource: EditResource) => `/api/v1/${resource}/bulk` as "/api/v1/contacts/bulk";

/** The records of a bulk edit, in the words of its body. */
function bulkTarget(target: BulkTarget) {
  if ("ids" in target) return target;
  const { where, sort: _, filter = [], ...rest } = queryParameters(target.query);
  return { ...rest, filter, ...(where ? { where: JSON.parse(where) as Record<string, never> } : {}) };
}

async function orNull<T>(status: number, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.status === status) return null;
    throw error;
  }
}
