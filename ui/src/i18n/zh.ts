import type { en } from "./en";
import type * as accessEn from "./access/en";
import type * as auditEn from "./audit/en";
import type * as bulkEn from "./bulk/en";
import type * as customEn from "./custom/en";
import type * as dealsEn from "./deals/en";
import type * as duplicatesEn from "./duplicates/en";
import type * as fieldsEn from "./fields/en";
import type * as identityEn from "./identity/en";
import type * as importingEn from "./importing/en";
import type * as dryRunEn from "./imports/dryRun.en";
import type * as undoEn from "./imports/undo.en";
import type * as mergingEn from "./merging/en";
import type * as modelsEn from "./models/en";
import type * as problemEn from "./problem/en";
import type * as rightsEn from "./rights/en";
import type * as sourcesEn from "./sources/en";
import type * as mailboxesEn from "./mailboxes/en";
import type * as webhooksEn from "./webhooks/en";
import * as access from "./access/zh";
import * as audit from "./audit/zh";
import * as problem from "./problem/zh";
import * as bulk from "./bulk/zh";
import * as custom from "./custom/zh";
import * as deals from "./deals/zh";
import * as duplicates from "./duplicates/zh";
import * as fields from "./fields/zh";
import * as home from "./home/zh";
import * as identity from "./identity/zh";
import * as importing from "./importing/zh";
import * as dryRun from "./imports/dryRun.zh";
import * as undo from "./imports/undo.zh";
import * as imports from "./imports/zh";
import * as lists from "./lists/zh";
import * as merging from "./merging/zh";
import * as models from "./models/zh";
import * as records from "./records/zh";
import * as rights from "./rights/zh";
import * as segments from "./segments/zh";
import * as settings from "./settings/zh";
import * as shell from "./shell/zh";
import * as sources from "./sources/zh";
import * as mailboxes from "./mailboxes/zh";
import * as webhooks from "./webhooks/zh";

/** Every text of the app in Chinese. */
export const zh: typeof en &
  typeof accessEn &
  typeof auditEn &
  typeof bulkEn &
  typeof customEn &
  typeof modelsEn &
  typeof dealsEn &
  typeof duplicatesEn &
  typeof fieldsEn &
  typeof identityEn &
  typeof importingEn &
  typeof mergingEn &
  typeof problemEn &
  typeof rightsEn &
  typeof sourcesEn &
  typeof mailboxesEn &
  typeof webhooksEn &
  typeof dryRunEn &
  typeof undoEn = {
  ...access,
  ...audit,
  ...shell,
  ...lists,
  ...records,
  ...home,
  ...bulk,
  ...custom,
  ...deals,
  ...duplicates,
  ...fields,
  ...rights,
  ...segments,
  ...imports,
  ...identity,
  ...importing,
  ...merging,
  ...problem,
  ...dryRun,
  ...undo,
  ...settings,
  ...sources,
  ...mailboxes,
  ...webhooks,
  ...models,
};
