/**
 * The wire types by their short names. `schema.d.ts` is generated from the server's own description
 * (`npm run api`), so a change there shows here as a type error.
 */
import type { components } from "./schema";

export type { paths } from "./schema";

type Schemas = components["schemas"];

/**
 * What the server leaves out because the reader's role hides it stands as nothing in the app (`absent.ts`):
 * screens ask the rules whether they show it at all.
 */
type Whole<S extends keyof Schemas> = Required<Schemas[S]>;

export type Id = string;
/** An instant, RFC 3339 in UTC. */
export type Instant = string;
/** A calendar month, `2026-11`. */
export type Month = string;

export type Money = Schemas["Money"];
export type LocalizedText = Schemas["LocalizedText"];
export type Reference = Schemas["Reference"];
export type Meta = Schemas["Meta"];
export type Address = Schemas["Address"];
export type CustomField = Schemas["CustomField"];
export type CustomFieldInput = Schemas["CustomFieldInput"];
export type CustomFieldPatch = Schemas["CustomFieldPatch"];
export type CustomFieldKind = Schemas["CustomFieldKind"];
export type CustomValue = Schemas["CustomValue"];
export type ListKind = Schemas["ListKind"];
export type Source = Schemas["Source"];
export type LedgerDay = Schemas["LedgerDay"];
export type AuditAction = Schemas["AuditAction"];
export type AuditActor = Schemas["AuditActor"];
export type AuditEntry = Schemas["AuditEntry"];
export type AuditObject = Schemas["AuditObject"];
export type AuditErasure = Schemas["AuditErasure"];
export type AuditRestore = Schemas["AuditRestore"];
export type AuditVerification = Schemas["AuditVerification"];
export type WriteKey = Schemas["WriteKey"];
export type NewWriteKey = Schemas["NewWriteKey"];
export type Scope = Schemas["Scope"];
export type ApiKey = Schemas["ApiKey"];
export type ApiKeyList = Schemas["ApiKeyList"];
export type ApiKeyInput = Schemas["ApiKeyInput"];
export type NewApiKey = Schemas["NewApiKey"];
export type Webhook = Schemas["Webhook"];
export type WebhookList = Schemas["WebhookList"];
export type WebhookInput = Schemas["WebhookInput"];
export type WebhookPatch = Schemas["WebhookPatch"];
export type WebhookEventType = Schemas["WebhookEventType"];
export type WebhookStatus = Schemas["WebhookStatus"];
export type NewWebhook = Schemas["NewWebhook"];
export type NewWebhookSecret = Schemas["NewWebhookSecret"];
export type WebhookDelivery = Schemas["WebhookDelivery"];
export type WebhookDeliveryDetail = Schemas["WebhookDeliveryDetail"];
export type WebhookAttempt = Schemas["WebhookAttempt"];
export type WebhookReplayInput = Schemas["WebhookReplayInput"];
export type SignedInBrowser = Schemas["SignedInBrowser"];
export type SavedView = Schemas["SavedView"];
export type SavedViewInput = Schemas["SavedViewInput"];
export type SavedViewPatch = Schemas["SavedViewPatch"];
export type SegmentTag = Schemas["SegmentTag"];
export type Contact = Whole<"Contact">;
export type ContactPatch = Schemas["ContactPatch"];
export type Company = Whole<"Company">;
export type CompanyPatch = Schemas["CompanyPatch"];
export type Deal = Whole<"Deal">;
export type DealPatch = Schemas["DealPatch"];
export type DealBoard = Omit<Schemas["DealBoard"], "columns"> & { columns: DealColumn[] };
type DealColumn = Omit<Whole<"DealColumn">, "deals"> & { deals: Deal[] };
export type Pipeline = Schemas["Pipeline"];
export type PipelineInput = Schemas["PipelineInput"];
export type PipelinePatch = Schemas["PipelinePatch"];
export type Stage = Schemas["Stage"];
export type StageOutcome = Schemas["StageOutcome"];
export type Order = Schemas["Order"];
export type OrderStatus = Schemas["OrderStatus"];
export type OrderLine = Schemas["OrderLine"];
export type OrderDetail = Schemas["OrderDetail"];
export type Product = Schemas["Product"];
export type ProductDetail = Schemas["ProductDetail"];
export type Ticket = Whole<"Ticket">;
export type TicketPatch = Schemas["TicketPatch"];
export type TicketStatus = Schemas["TicketStatus"];
export type TicketChannel = Schemas["TicketChannel"];
export type Priority = Schemas["Priority"];
export type SubjectRef = Schemas["SubjectRef"];
export type Task = Schemas["Task"];
export type TaskPatch = Schemas["TaskPatch"];
export type Note = Schemas["Note"];
export type FeatureValue = Schemas["FeatureValue"];
export type SegmentReason = Schemas["SegmentReason"];
export type MatchRule = Schemas["MatchRule"];
export type Identity = Whole<"Identity">;
export type MatchPair = Schemas["MatchPair"];
export type MatchSide = Schemas["MatchSide"];
export type MatchField = Schemas["MatchField"];
export type MatchAgreement = Schemas["Agreement"];
export type MatchVerdict = Schemas["MatchVerdict"];
export type MatchDecision = Schemas["MatchPairDecision"];
export type MatchDecisionInput = Schemas["MatchPairDecisionRequest"];
export type MatchAcceptance = Schemas["MatchAcceptance"];
export type MatchAcceptanceSummary = Schemas["MatchAcceptanceSummary"];
export type MatchAcceptanceStarted = Schemas["MatchAcceptanceAccepted"];
export type MatchRun = Schemas["MatchRun"];
export type MatchingSettings = Schemas["MatchingSettings"];
export type CompanyReason = Schemas["CompanyReason"];
export type SurvivorshipRule = Schemas["SurvivorshipRule"];
export type SurvivorshipSettings = Schemas["SurvivorshipSettings"];
export type SurvivorshipPatch = Schemas["SurvivorshipPatch"];
export type ContactMergeField = Schemas["ContactMergeField"];
export type IdentityOperation = Schemas["IdentityOperation"];
export type IdentityOperationUndo = Omit<Schemas["IdentityOperationUndo"], "contact"> & {
  contact: Contact | null;
};
export type IdentityOperationUndoRequest = Schemas["IdentityOperationUndoRequest"];
export type ContactMerge = Omit<Schemas["ContactMerge"], "contact"> & { contact: Contact };
export type ContactSplit = Omit<Schemas["ContactSplit"], "contact" | "left"> & {
  contact: Contact;
  left: Contact;
};
export type Channel = Schemas["Channel"];
export type Purpose = Schemas["Purpose"];
export type ConsentStatement = Schemas["ConsentStatement"];
export type ContactMonth = Schemas["ContactMonth"];
export type ContactProfile = Omit<Schemas["ContactProfile"], "contact" | "identities"> & {
  contact: Contact;
  identities: Identity[];
};
export type TimelineEntry = Whole<"TimelineEntry">;
export type SourceRecord = Schemas["SourceRecord"];
export type SegmentTrait = Schemas["SegmentTrait"];
export type Segment = Schemas["Segment"];
export type Segmentation = Schemas["Segmentation"];
export type SegmentationDetail = Schemas["SegmentationDetail"];
export type SegmentationMap = Schemas["SegmentationMap"];
export type SegmentationMethod = Schemas["SegmentationMethod"];
export type EntityKind = Schemas["EntityKind"];
export type ImportStatus = Schemas["ImportStatus"];
export type ColumnMapping = Schemas["ColumnMapping"];
export type Mapping = Schemas["Mapping"];
export type FieldInfo = Schemas["FieldInfo"];
export type ImportPreset = Schemas["ImportPreset"];
export type ImportCounts = Schemas["ImportCounts"];
export type ImportProgress = Schemas["ImportProgress"];
export type Import = Schemas["Import"];
export type ImportEffect = Schemas["ImportEffect"];
export type DryRun = Schemas["DryRun"];
export type DryRunRow = Schemas["DryRunRow"];
export type RowChange = Schemas["RowChange"];
export type Verdict = Schemas["Verdict"];
export type BulkEditConflict = Schemas["BulkEditConflict"];
export type ImportConflict = Schemas["ImportConflict"];
export type RejectReason = Schemas["RejectReason"];
export type RejectedRow = Schemas["RejectedRow"];
export type JobStatus = Schemas["JobStatus"];
export type Job = Schemas["Job"];
export type TrainingOutcome = Schemas["TrainingOutcome"];
export type HomeAction = Schemas["HomeAction"];
export type Home = Schemas["Home"];
export type SearchResult = Schemas["SearchResult"];
export type Settings = Schemas["Settings"];
export type SettingsPatch = Schemas["SettingsPatch"];
export type BulkEdit = Schemas["BulkEdit"];
export type BulkEditPreview = Schemas["BulkEditPreview"];
export type RefusalReason = Schemas["RefusalReason"];
export type Problem = Schemas["Problem"];
export type Language = Schemas["Language"];
export type Theme = Schemas["Theme"];
export type Role = Schemas["Role"];
export type OwnAccess = Schemas["OwnAccess"];
export type RolePolicy = Schemas["RolePolicy"];
export type Grant = Schemas["Grant"];
export type Reach = Schemas["Reach"];
export type Action = Schemas["Action"];
export type FieldRule = Schemas["FieldRule"];
export type CustomRole = Schemas["CustomRole"];
export type RoleInput = Schemas["RoleInput"];
export type UserPatch = Schemas["UserPatch"];
export type Team = Schemas["Team"];
export type TeamKind = Schemas["TeamKind"];
export type TeamInput = Schemas["TeamInput"];
export type TeamMember = Schemas["TeamMember"];
export type TeamMemberInput = Schemas["TeamMemberInput"];
export type Share = Schemas["Share"];
export type ShareInput = Schemas["ShareInput"];
export type Pool = Schemas["Pool"];
export type PoolInput = Schemas["PoolInput"];
/** Kinds of records that have an owner. */
export type OwnedKind = "contact" | "company" | "deal" | "ticket" | "task";
export type User = Schemas["User"];
export type UserInput = Schemas["UserInput"];
export type SessionUser = Schemas["SessionUser"];

export type RunStatus = Schemas["RunStatus"];
export type RunSummary = Schemas["RunSummary"];
export type RunDetail = Schemas["RunDetail"];
export type RunCurves = Schemas["RunCurves"];
export type RunEvaluation = Schemas["Evaluation"];
export type Trial = Schemas["Trial"];
export type ModelStage = Schemas["ModelStage"];
export type ModelVersion = Schemas["ModelVersion"];
export type ModelVersionDetail = Schemas["ModelVersionDetail"];
export type ModelSummary = Schemas["ModelSummary"];
export type ModelDetail = Schemas["ModelDetail"];
export type StageChange = Schemas["ModelTransitionInput"];
/** Figures by name. */
export type MetricValues = RunEvaluation["metrics"];
export type Params = RunDetail["params"];
export type Series = RunCurves["series"][number];
export type Calibration = NonNullable<RunEvaluation["calibration"]>;
export type Confusion = NonNullable<RunEvaluation["confusion"]>;
export type Evidence = NonNullable<ModelVersion["evidence"]>;
export type Transition = ModelDetail["transitions"][number];
