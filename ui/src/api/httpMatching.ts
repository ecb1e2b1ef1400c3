import { whole } from "./absent";
import { unwrap, type createApi } from "./client";
import type { DataProvider } from "./dataProvider";
import { listParameters, pageParameters, toPage } from "./parameters";
import type * as Wire from "./types";

type Matching = Pick<
  DataProvider,
  | "matchPairs"
  | "matchPair"
  | "decideMatchPair"
  | "acceptMatchPairs"
  | "matchAcceptance"
  | "matchAcceptances"
  | "cancelMatchAcceptance"
  | "undoMatchAcceptance"
  | "startMatchRun"
  | "matchRuns"
  | "matchingSettings"
  | "updateMatchingSettings"
  | "survivorship"
  | "updateSurvivorship"
  | "previewMerge"
  | "identityOperations"
  | "mergeContacts"
  | "splitContact"
  | "undoIdentityOperation"
>;

type Api = ReturnType<typeof createApi>;
const PAIR = "/api/v1/match_pairs/{id}";
const ACCEPTANCE = "/api/v1/match_pairs/acceptances/{id}";
const SETTINGS = "/api/v1/settings/matching";
const SURVIVORSHIP = "/api/v1/settings/survivorship";

/** The part of the provider that is about who is whom. */
export function matchingProvider(api: Api): Matching {
  const of = (id: Wire.Id) => ({ params: { path: { id } } });
  const contact = (record: object) => whole<Wire.Contact>("contacts", record);
  return {
    matchPairs: async (query, request) => {
      const params = { query: listParameters(query, request) };
      const answer = await unwrap(api.GET("/api/v1/match_pairs", { params }));
      const page = toPage<Wire.MatchPair>(answer, "match_pairs");
      return { ...page, nOpen: answer.n_open, nCertain: answer.n_certain };
    },
    matchPair: (id) => unwrap(api.GET(PAIR, of(id))),
    decideMatchPair: (id, body) => unwrap(api.POST(`${PAIR}/decisions`, { ...of(id), body })),
    acceptMatchPairs: (min_probability) =>
      unwrap(api.POST("/api/v1/match_pairs/acceptances", { body: { min_probability } })),
    matchAcceptance: (job) => unwrap(api.GET(ACCEPTANCE, of(job))),
    matchAcceptances: async () => (await unwrap(api.GET("/api/v1/match_pairs/acceptances"))).acceptances,
    cancelMatchAcceptance: (job) => unwrap(api.POST(`${ACCEPTANCE}/cancel`, of(job))),
    undoMatchAcceptance: async (job) => (await unwrap(api.POST(`${ACCEPTANCE}/undo`, of(job)))).job,
    startMatchRun: async () => (await unwrap(api.POST("/api/v1/match_runs"))).job,
    matchRuns: async (request) => {
      const params = { query: pageParameters(request) };
      return toPage(await unwrap(api.GET("/api/v1/match_runs", { params })), "match_runs");
    },
    matchingSettings: () => unwrap(api.GET(SETTINGS)),
    updateMatchingSettings: (body) => unwrap(api.PATCH(SETTINGS, { body })),
    survivorship: () => unwrap(api.GET(SURVIVORSHIP)),
    updateSurvivorship: (body) => unwrap(api.PATCH(SURVIVORSHIP, { body })),
    previewMerge: async (id, from, rules) => {
      const options = { ...of(id), body: { from, ...(rules ? { rules } : {}) } };
      const { merged_fields } = await unwrap(api.POST("/api/v1/contacts/{id}/merge/preview", options));
      return merged_fields;
    },

    identityOperations: async (id) =>
      (await unwrap(api.GET("/api/v1/contacts/{id}/identity_operations", of(id)))).identity_operations,
    mergeContacts: async (id, from, reason) => {
      const merged = await unwrap(
        api.POST("/api/v1/contacts/{id}/merge", { ...of(id), body: { from, reason } }),
      );
      return { ...merged, contact: contact(merged.contact) };
    },
    splitContact: async (id, identities, name, reason) => {
      const body = { identities, name, reason };
      const parted = await unwrap(api.POST("/api/v1/contacts/{id}/split", { ...of(id), body }));
      return { ...parted, contact: contact(parted.contact), left: contact(parted.left) };
    },
    undoIdentityOperation: async (id, body) => {
      const options = { params: { path: { id } }, body };
      const undone = await unwrap(api.POST("/api/v1/identity_operations/{id}/undo", options));
      return { ...undone, contact: undone.contact && contact(undone.contact) };
    },
  };
}
