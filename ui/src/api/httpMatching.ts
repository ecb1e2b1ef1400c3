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
  | "undoMatchAcceptance"
  | "startMatchRun"
  | "matchRuns"
  | "matchingSettings"
  | "updateMatchingSettings"
  | "identityOperations"
  | "mergeContacts"
  | "splitContact"
  | "undoIdentityOperation"
>;

type Api = ReturnType<typeof createApi>;
type Listing = { meta: Wire.Meta; n_open: number; n_certain: number };

/** Routes that the server's description does not have yet, by what they answer. */
interface Undescribed {
  GET<T>(path: string, options?: object): Promise<{ data?: T; error?: unknown; response: Response }>;
  POST<T>(path: string, options?: object): Promise<{ data?: T; error?: unknown; response: Response }>;
  PATCH<T>(path: string, options?: object): Promise<{ data?: T; error?: unknown; response: Response }>;
}

const PAIRS = "/api/v1/match_pairs";
const ACCEPTANCES = `${PAIRS}/acceptances`;
const RUNS = "/api/v1/match_runs";
const SETTINGS = "/api/v1/settings/matching";

/** The part of the provider that is about who is whom. */
export function matchingProvider(api: Api): Matching {
  const undescribed = api as unknown as Undescribed;
  const of = (id: Wire.Id) => ({ params: { path: { id } } });
  const contact = (record: object) => whole<Wire.Contact>("contacts", record);
  return {
    matchPairs: async (query, request) => {
      const options = { params: { query: listParameters(query, request) } };
      const answer = await unwrap(undescribed.GET<Listing>(PAIRS, options));
      const page = toPage<Wire.MatchPair>(answer, "match_pairs");
      return { ...page, nOpen: answer.n_open, nCertain: answer.n_certain };
    },
    matchPair: (id) => unwrap(undescribed.GET<Wire.MatchPair>(`${PAIRS}/${id}`)),
    decideMatchPair: (id, body) =>
      unwrap(undescribed.POST<Wire.MatchDecision>(`${PAIRS}/${id}/decisions`, { body })),
    acceptMatchPairs: (min_probability) =>
      unwrap(undescribed.POST<Wire.MatchAcceptanceStarted>(ACCEPTANCES, { body: { min_probability } })),
    matchAcceptance: (job) => unwrap(undescribed.GET<Wire.MatchAcceptance>(`${ACCEPTANCES}/${job}`)),
    undoMatchAcceptance: async (job) =>
      (await unwrap(undescribed.POST<{ job: Wire.Job }>(`${ACCEPTANCES}/${job}/undo`))).job,
    startMatchRun: async () => (await unwrap(undescribed.POST<{ job: Wire.Job }>(RUNS, { body: {} }))).job,
    matchRuns: async (request) => {
      const options = { params: { query: pageParameters(request) } };
      return toPage(await unwrap(undescribed.GET<Listing>(RUNS, options)), "match_runs");
    },
    matchingSettings: () => unwrap(undescribed.GET<Wire.MatchingSettings>(SETTINGS)),
    updateMatchingSettings: (body) => unwrap(undescribed.PATCH<Wire.MatchingSettings>(SETTINGS, { body })),

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
