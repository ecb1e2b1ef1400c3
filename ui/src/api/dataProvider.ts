import type * as Wire from "./types";

/** One condition of a list: `country:eq:France`. */
export interface Condition {
  field: string;
  op: Operator;
  value: string;
}

export const OPERATORS = [
  "eq",
  "ne",
  "lt",
  "lte",
  "gt",
  "gte",
  "between",
  "contains",
  "starts_with",
  "in",
  "in_last",
  "in_next",
  "older_than",
  "during",
  "is_null",
  "not_null",
] as const;
export type Operator = (typeof OPERATORS)[number];

/** What a list shows; `sort` as in the API: `-last_order_at,name`. */
export interface ListQuery {
  /** All must hold. */
  filter?: Condition[];
  /** Of each group at least one must hold. */
  anyOf?: Condition[][];
  sort?: string;
  search?: string;
}

export interface PageRequest {
  cursor?: string | null;
  limit?: number;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  /** About how many there are in all; null where the server did not count. */
  estimate: number | null;
}

/** A page of the audit, with what people call the records that its values name. */
export interface AuditPage extends Page<Wire.AuditEntry> {
  names: Record<Wire.Id, string>;
}

/** A page of pairs that may be one person, with how many there are in all. */
export interface MatchPairPage extends Page<Wire.MatchPair> {
  nOpen: number;
  nCertain: number;
}

/** Everything that is listed by the one list toolkit. */
export interface ListRecords {
  contacts: Wire.Contact;
  companies: Wire.Company;
  deals: Wire.Deal;
  products: Wire.Product;
  orders: Wire.Order;
  tickets: Wire.Ticket;
  tasks: Wire.Task;
  imports: Wire.Import;
  users: Wire.User;
  runs: Wire.RunSummary;
}
export type ListResource = keyof ListRecords;

/** Lists that are had whole as a file. */
export const EXPORTED_LISTS = [
  "contacts",
  "companies",
  "deals",
  "tickets",
  "tasks",
  "products",
  "orders",
] as const;
export type ExportedList = (typeof EXPORTED_LISTS)[number];

/** Formats in which a list is had, by the ends of their files' names. */
export const EXPORT_FORMATS = ["csv", "xlsx", "jsonl", "parquet"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ShowRecords {
  contacts: Wire.Contact;
  companies: Wire.Company;
  deals: Wire.Deal;
  products: Wire.ProductDetail;
  orders: Wire.OrderDetail;
  tickets: Wire.Ticket;
  tasks: Wire.Task;
  imports: Wire.Import;
  runs: Wire.RunDetail;
}
export type ShowResource = keyof ShowRecords;

/** Records that people change in place, and what a change may hold. */
export interface Patches {
  contacts: Wire.ContactPatch;
  companies: Wire.CompanyPatch;
  deals: Wire.DealPatch;
  tickets: Wire.TicketPatch;
  tasks: Wire.TaskPatch;
}
export type EditResource = keyof Patches;

/** The records that a bulk edit is about. */
export type BulkTarget = { ids: Wire.Id[] } | { query: ListQuery };

/** What is done to each of them. */
export type BulkChange<R extends EditResource> = { set: Patches[R] } | { delete: true };

export type ServerChange =
  /** Everything may have changed: what was told before no longer counts. */
  | { event: "reset" }
  | { event: "job"; job: Wire.Job }
  | { event: "import"; import: Wire.Import }
  | { event: "segmentation"; segmentation: Wire.Segmentation }
  | { event: "run"; run: Wire.RunSummary }
  | { event: "model"; model: Wire.ModelSummary };

/** A trial by an id, as lists want it: its number. */
export type TrialRow = Wire.Trial & { id: string };

/**
 * The one door to the data: screens know this interface and nothing of HTTP. `httpProvider` talks to
 * the server, `memory` holds a small make-believe company for tests and design work.
 */
export interface DataProvider {
  session(): Promise<Wire.SessionUser | null>;
  signIn(email: string, password: string): Promise<Wire.SessionUser>;
  signOut(): Promise<void>;
  updateMe(change: { name?: string; language?: Wire.Language; theme?: Wire.Theme }): Promise<void>;
  changePassword(current: string, next: string): Promise<void>;

  /** The browsers that one is signed in with. */
  sessions(): Promise<Wire.SignedInBrowser[]>;
  endSession(id: Wire.Id): Promise<void>;
  endOtherSessions(): Promise<void>;
  apiKeys(): Promise<Wire.ApiKeyList>;
  /** The answer alone shows the key. */
  createApiKey(key: Wire.ApiKeyInput): Promise<Wire.NewApiKey>;
  revokeApiKey(id: Wire.Id): Promise<void>;

  /** The mailboxes that are read, for administrators. */
  mailboxes(): Promise<Wire.Mailbox[]>;
  createMailbox(mailbox: Wire.MailboxInput): Promise<Wire.Mailbox>;
  updateMailbox(id: Wire.Id, version: number, change: Wire.MailboxPatch): Promise<Wire.Mailbox>;
  deleteMailbox(id: Wire.Id): Promise<void>;
  /** Reads a mailbox now; it says itself when that is over. */
  readMailbox(id: Wire.Id): Promise<void>;
  /** Whether a mailbox can be read; nothing is kept of it. */
  checkMailbox(check: Wire.MailboxCheckInput): Promise<Wire.MailboxCheck>;

  /** One's own webhooks, or everybody's for administrators, and the types of events that there are. */
  webhooks(): Promise<Wire.WebhookList>;
  /** The answer alone shows the secret. */
  createWebhook(webhook: Wire.WebhookInput): Promise<Wire.NewWebhook>;
  /** Throws a conflict when `version` is no longer the newest. */
  updateWebhook(id: Wire.Id, version: number, change: Wire.WebhookPatch): Promise<Wire.Webhook>;
  deleteWebhook(id: Wire.Id): Promise<void>;
  /** The answer alone shows the secret. */
  rotateWebhookSecret(id: Wire.Id): Promise<Wire.NewWebhookSecret>;
  /** Sends a test at once and tells what came of it. */
  testWebhook(id: Wire.Id): Promise<Wire.WebhookDeliveryDetail>;
  webhookDeliveries(
    id: Wire.Id,
    only: Wire.WebhookStatus | null,
    page: PageRequest,
  ): Promise<Page<Wire.WebhookDelivery>>;
  webhookDelivery(id: Wire.Id, delivery: Wire.Id): Promise<Wire.WebhookDeliveryDetail>;
  /** Sends once more what was told since an instant; how many events that are. */
  replayWebhook(id: Wire.Id, replay: Wire.WebhookReplayInput): Promise<number>;
  replayWebhookDelivery(id: Wire.Id, delivery: Wire.Id): Promise<void>;

  /** What the role of whoever is signed in allows. */
  access(): Promise<Wire.OwnAccess>;
  /** The roles that people put together. */
  roles(): Promise<Wire.CustomRole[]>;
  createRole(role: Wire.RoleInput): Promise<Wire.CustomRole>;
  /** Throws a conflict when `version` is no longer the newest. */
  updateRole(id: Wire.Id, version: number, role: Wire.RoleInput): Promise<Wire.CustomRole>;
  deleteRole(id: Wire.Id): Promise<void>;
  updateUser(id: Wire.Id, change: Wire.UserPatch): Promise<Wire.User>;
  teams(): Promise<Wire.Team[]>;
  createTeam(team: Wire.TeamInput): Promise<Wire.Team>;
  updateTeam(id: Wire.Id, team: Wire.TeamInput): Promise<Wire.Team>;
  deleteTeam(id: Wire.Id): Promise<void>;
  teamMembers(id: Wire.Id): Promise<Wire.TeamMember[]>;
  /** Says who is in a team, everybody at once. */
  setTeamMembers(id: Wire.Id, members: Wire.TeamMemberInput[]): Promise<Wire.TeamMember[]>;
  /** With whom a record is shared beyond its owner. */
  shares(kind: Wire.OwnedKind, id: Wire.Id): Promise<Wire.Share[]>;
  setShares(kind: Wire.OwnedKind, id: Wire.Id, shares: Wire.ShareInput[]): Promise<Wire.Share[]>;
  /** The pools with their rules; what is in them is listed with the records. */
  pools(): Promise<Wire.Pool[]>;
  setPool(kind: Wire.OwnedKind, rule: Wire.PoolInput): Promise<Wire.Pool>;
  /** Makes a record of the pool one's own. */
  claim(kind: Wire.OwnedKind, id: Wire.Id): Promise<void>;
  /** Gives a record back to the pool. */
  release(kind: Wire.OwnedKind, id: Wire.Id): Promise<void>;

  home(): Promise<Wire.Home>;
  search(text: string, signal?: AbortSignal): Promise<Wire.SearchResult[]>;
  settings(): Promise<Wire.Settings>;
  updateSettings(change: Partial<Wire.Settings>): Promise<Wire.Settings>;
  createUser(user: { email: string; name: string; role: Wire.Role; password: string }): Promise<Wire.User>;

  list<R extends ListResource>(
    resource: R,
    query: ListQuery,
    page: PageRequest,
  ): Promise<Page<ListRecords[R]>>;
  /** Where the whole list is had as a file. */
  exportHref(list: ExportedList, query: ListQuery, format: ExportFormat): string;
  find<R extends ShowResource>(resource: R, id: Wire.Id): Promise<ShowRecords[R]>;
  create<R extends EditResource>(resource: R, values: Patches[R]): Promise<ListRecords[R]>;
  /** Throws a conflict when `version` is no longer the newest. */
  update<R extends EditResource>(
    resource: R,
    id: Wire.Id,
    version: number,
    change: Patches[R],
  ): Promise<ListRecords[R]>;

  /** What a change of many records would do. */
  previewBulkEdit<R extends EditResource>(
    resource: R,
    target: BulkTarget,
    change: BulkChange<R>,
    signal?: AbortSignal,
  ): Promise<Wire.BulkEditPreview>;
  /** Throws a conflict when other than `expect` records are meant by now. */
  startBulkEdit<R extends EditResource>(
    resource: R,
    target: BulkTarget,
    change: BulkChange<R>,
    expect: number,
  ): Promise<Wire.BulkEdit>;
  /** The latest first: all of them for whoever sees all records, for others the own ones. */
  bulkEdits(page: PageRequest): Promise<Page<Wire.BulkEdit>>;
  bulkEdit(id: Wire.Id): Promise<Wire.BulkEdit>;
  /** Takes a bulk edit back, or goes on with that. */
  undoBulkEdit(id: Wire.Id): Promise<Wire.BulkEdit>;
  /** What the undo of a bulk edit left as others have made it. */
  bulkConflicts(id: Wire.Id, page: PageRequest): Promise<Page<Wire.BulkEditConflict>>;
  /** Where the records are had as a file that a bulk edit left as they are. */
  refusedFileHref(id: Wire.Id): string;

  /** The systems that data comes from, by name. */
  sources(): Promise<Wire.Source[]>;
  /** A known name answers the source that bears it. */
  createSource(name: string): Promise<Wire.Source>;
  /** What each source sent on each day, the first and the last included. */
  ledger(from: string, until: string): Promise<Wire.LedgerDay[]>;
  writeKeys(source: Wire.Id): Promise<Wire.WriteKey[]>;
  /** The key itself is in this answer and in no other. */
  createWriteKey(source: Wire.Id): Promise<Wire.NewWriteKey>;
  revokeWriteKey(id: Wire.Id): Promise<void>;

  /** Who changed and saw what, the latest first. */
  audit(query: ListQuery, page: PageRequest): Promise<AuditPage>;
  /** Checks that every entry is as it was written. */
  verifyAudit(): Promise<Wire.AuditVerification>;
  /** Sets back what an entry tells of; throws where a field was changed since. */
  restoreAudit(id: number): Promise<Wire.AuditRestore>;
  /** Erases the values that the audit tells of a record, and of what is about it, for good. */
  eraseAudit(object: Wire.AuditObject, id: Wire.Id): Promise<Wire.AuditErasure>;
  /** Throws a conflict when `version` is no longer the newest. */
  deleteContact(id: Wire.Id, version: number): Promise<void>;

  /** The views of all lists: the own ones, and those that others share. */
  savedViews(): Promise<Wire.SavedView[]>;
  createSavedView(view: Wire.SavedViewInput): Promise<Wire.SavedView>;
  /** Throws a conflict when `version` is no longer the newest. */
  updateSavedView(id: Wire.Id, version: number, change: Wire.SavedViewPatch): Promise<Wire.SavedView>;
  deleteSavedView(id: Wire.Id): Promise<void>;
  /** The company's own fields of all objects, archived ones too, in their order. */
  customFields(): Promise<Wire.CustomField[]>;
  createCustomField(field: Wire.CustomFieldInput): Promise<Wire.CustomField>;
  /** Throws a conflict when `version` is no longer the newest. */
  updateCustomField(id: Wire.Id, version: number, change: Wire.CustomFieldPatch): Promise<Wire.CustomField>;
  /** Deletes an archived field with its values. */
  deleteCustomField(id: Wire.Id): Promise<void>;
  pipelines(): Promise<Wire.Pipeline[]>;
  createPipeline(pipeline: Wire.PipelineInput): Promise<Wire.Pipeline>;
  /** Throws a conflict when `version` is no longer the newest. */
  updatePipeline(id: Wire.Id, version: number, change: Wire.PipelinePatch): Promise<Wire.Pipeline>;
  /** A pipeline's deals by stage, at most `limit` of each. */
  board(pipeline: Wire.Id, query: ListQuery, limit: number): Promise<Wire.DealBoard>;

  profile(contact: Wire.Id): Promise<Wire.ContactProfile>;
  timeline(contact: Wire.Id, page: PageRequest): Promise<Page<Wire.TimelineEntry>>;
  sourceRecords(contact: Wire.Id, page: PageRequest): Promise<Page<Wire.SourceRecord>>;
  /** Notes on a record, the latest first. */
  notes(subject: Wire.SubjectRef, page: PageRequest): Promise<Page<Wire.Note>>;
  createNote(subject: Wire.SubjectRef, body: string): Promise<Wire.Note>;

  /** Pairs of contacts that may be one person; `sort` is `-value`, `-probability`, `probability` or `-found_at`. */
  matchPairs(query: Pick<ListQuery, "filter" | "sort">, page: PageRequest): Promise<MatchPairPage>;
  matchPair(id: Wire.Id): Promise<Wire.MatchPair>;
  /** Throws where somebody has decided already, or where the two are not to be merged. */
  decideMatchPair(id: Wire.Id, decision: Wire.MatchDecisionInput): Promise<Wire.MatchDecision>;
  /** Merges all open pairs from a probability on. */
  acceptMatchPairs(minProbability: number): Promise<Wire.MatchAcceptanceStarted>;
  matchAcceptance(job: Wire.Id): Promise<Wire.MatchAcceptance>;
  /** The latest first: one's own, and everybody's for who may read jobs. */
  matchAcceptances(): Promise<Wire.MatchAcceptanceSummary[]>;
  /** Stops one; what is merged by then stays. */
  cancelMatchAcceptance(job: Wire.Id): Promise<Wire.MatchAcceptanceSummary>;
  /** Takes all merges of an acceptance back. */
  undoMatchAcceptance(job: Wire.Id): Promise<Wire.Job>;
  /** Looks for duplicates; the search that is under way, where one is. */
  startMatchRun(): Promise<Wire.Job>;
  /** The latest first. */
  matchRuns(page: PageRequest): Promise<Page<Wire.MatchRun>>;
  matchingSettings(): Promise<Wire.MatchingSettings>;
  updateMatchingSettings(change: Partial<Wire.MatchingSettings>): Promise<Wire.MatchingSettings>;
  /** Which values survive a merge of two contacts. */
  survivorship(): Promise<Wire.SurvivorshipSettings>;
  updateSurvivorship(change: Wire.SurvivorshipPatch): Promise<Wire.SurvivorshipSettings>;

  /** Who a contact is: its merges, splits and decisions, the latest first. */
  identityOperations(contact: Wire.Id): Promise<Wire.IdentityOperation[]>;
  /** Makes one contact part of another. */
  mergeContacts(stays: Wire.Id, goes: Wire.Id, reason: string | null): Promise<Wire.ContactMerge>;
  /** Whose value each field would have after a merge, by the workspace's rules with some changed. */
  previewMerge(
    stays: Wire.Id,
    goes: Wire.Id,
    rules?: Wire.SurvivorshipPatch,
  ): Promise<Wire.ContactMergeField[]>;
  /** Splits identities off a contact into a new one. */
  splitContact(
    contact: Wire.Id,
    identities: Wire.Id[],
    name: string | null,
    reason: string | null,
  ): Promise<Wire.ContactSplit>;
  /** Takes a merge or a decision back. */
  undoIdentityOperation(
    operation: number,
    request: Wire.IdentityOperationUndoRequest,
  ): Promise<Wire.IdentityOperationUndo>;

  /** Null while nothing has been segmented yet. */
  currentSegmentation(): Promise<Wire.SegmentationDetail | null>;
  segmentMap(segmentation: Wire.Id): Promise<Wire.SegmentationMap>;
  members(segment: Wire.Id, page: PageRequest): Promise<Page<Wire.Contact>>;
  startSegmentation(request: { method?: Wire.SegmentationMethod; k?: number }): Promise<Wire.Job>;

  /** Side by side, in the order asked; up to twenty. */
  compareRuns(ids: Wire.Id[]): Promise<Wire.RunDetail[]>;
  /** The points of the named metrics, of all where none is named; thinned out where there are many. */
  curves(runs: Wire.Id[], metrics?: string[]): Promise<Wire.RunCurves[]>;
  /** Null where the run was not evaluated. */
  evaluation(run: Wire.Id): Promise<Wire.RunEvaluation | null>;
  trials(run: Wire.Id, query: ListQuery, page: PageRequest): Promise<Page<TrialRow>>;

  models(): Promise<Wire.ModelSummary[]>;
  model(kind: string): Promise<Wire.ModelDetail>;
  modelVersion(kind: string, version: number): Promise<Wire.ModelVersionDetail>;
  /** Throws a conflict when `revision` is no longer the newest. */
  changeStage(kind: string, revision: number, change: Wire.StageChange): Promise<Wire.ModelDetail>;
  /** Brings the champion before the present one back. */
  rollBack(kind: string, revision: number, reason: string): Promise<Wire.ModelDetail>;

  upload(
    file: File,
    source: string,
    onProgress: (share: number) => void,
    signal?: AbortSignal,
  ): Promise<Wire.Import>;
  /** The fields that columns of files can feed, of all kinds of rows. */
  importFields(): Promise<Wire.FieldInfo[]>;
  /** Looks anew at a workbook, at the sheet with this name. */
  importPresets(): Promise<Wire.ImportPreset[]>;
  setPreset(id: Wire.Id, preset: string | null): Promise<Wire.Import>;
  setSheet(id: Wire.Id, sheet: string): Promise<Wire.Import>;
  setMapping(id: Wire.Id, mapping: Wire.Mapping): Promise<Wire.Import>;
  /** Looks at what the rows of a file would do, without importing it. */
  startDryRun(id: Wire.Id): Promise<void>;
  dryRun(id: Wire.Id): Promise<Wire.DryRun>;
  dryRunRows(id: Wire.Id, only: Wire.Verdict | null, page: PageRequest): Promise<Page<Wire.DryRunRow>>;
  runImport(id: Wire.Id): Promise<void>;
  cancelImport(id: Wire.Id): Promise<void>;
  /** Takes an import back, or goes on with that. */
  undoImport(id: Wire.Id): Promise<void>;
  /** What an import has made and changed. */
  importEffects(id: Wire.Id): Promise<Wire.ImportEffect[]>;
  /** What an undo left as others have made it. */
  importConflicts(id: Wire.Id, page: PageRequest): Promise<Page<Wire.ImportConflict>>;
  rejectedRows(id: Wire.Id, page: PageRequest): Promise<Page<Wire.RejectedRow>>;
  rejectedFileHref(id: Wire.Id): string;
  cancelJob(id: Wire.Id): Promise<void>;

  /** Calls back with every change that the server tells of; answers how to stop. */
  subscribe(onChange: (change: ServerChange) => void): () => void;
}
