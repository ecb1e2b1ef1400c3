import type {
  Mailbox,
  MailboxCheckInput,
  MailboxFolder,
  MailboxInput,
  MailboxPatch,
  MailboxProof,
  MailboxSecurity,
} from "@/api/types";

/** Where mailboxes are cached. */
export const mailboxKeys = { all: ["mailboxes"] };

/** Minutes from one reading to the next that can be chosen; null is only when somebody asks for it. */
export const EVERY: (number | null)[] = [null, 5, 15, 30, 60, 180, 360, 1440];

export const PROOFS: MailboxProof[] = ["password", "refresh_token", "access_token"];
export const SECURITIES: MailboxSecurity[] = ["tls", "start_tls"];

/** What can be wrong with a mailbox and has words of its own. */
export const FAILURES = [
  "unknown_host",
  "bad_host",
  "private_address",
  "nobody_listens",
  "connection",
  "silent",
  "certificate",
  "not_encrypted",
  "login",
  "token",
  "token_endpoint",
  "folder",
  "refused",
  "protocol",
  "cancelled",
  "internal",
] as const;
export type FailureCode = (typeof FAILURES)[number];

export const isFailureCode = (code: string): code is FailureCode =>
  (FAILURES as readonly string[]).includes(code);

/** How a mailbox stands, in one word. */
export type Standing = "reading" | "failing" | "paused" | "by_hand" | "on";

export function standingOf({ readings, is_paused, every_minutes }: Mailbox): Standing {
  if (readings.job_id !== null) return "reading";
  if (readings.failure !== null) return "failing";
  if (is_paused) return "paused";
  return every_minutes === null ? "by_hand" : "on";
}

const sum = (folders: MailboxFolder[], of: (folder: MailboxFolder) => number) =>
  folders.reduce((total, folder) => total + of(folder), 0);

/** How many messages went into imports, and how many the server has and does not give. */
export const totalsOf = ({ readings: { folders } }: Mailbox) => ({
  nRead: sum(folders, (folder) => folder.n_read),
  nMissed: sum(folders, (folder) => folder.n_missed),
});

/** What stands in the form: texts as they are typed. */
export interface MailboxForm {
  name: string;
  host: string;
  port: string;
  security: MailboxSecurity;
  user: string;
  proof: MailboxProof;
  /** Empty where the one that is kept is to stay. */
  secrets: { password: string; access_token: string; refresh_token: string; client_secret: string };
  tokenEndpoint: string;
  clientId: string;
  folders: string[];
  every: number | null;
  makesContacts: boolean;
}

const NO_SECRETS = { password: "", access_token: "", refresh_token: "", client_secret: "" };

export const portOf = (security: MailboxSecurity) => (security === "tls" ? "993" : "143");

/** The form of a new mailbox, or of one that is kept; its secrets are not shown again. */
export function formOf(mailbox?: Mailbox): MailboxForm {
  return {
    name: mailbox?.name ?? "",
    host: mailbox?.host ?? "",
    port: String(mailbox?.port ?? portOf("tls")),
    security: mailbox?.security ?? "tls",
    user: mailbox?.user ?? "",
    proof: mailbox?.proof ?? "password",
    secrets: NO_SECRETS,
    tokenEndpoint: mailbox?.token_endpoint ?? "",
    clientId: mailbox?.client_id ?? "",
    folders: mailbox?.folders ?? ["INBOX"],
    every: mailbox ? (mailbox.every_minutes ?? null) : 15,
    makesContacts: mailbox?.makes_contacts ?? false,
  };
}

/** The form with another encryption, and its port where nobody has chosen another one. */
export function withSecurity(form: MailboxForm, security: MailboxSecurity): MailboxForm {
  const port = form.port === portOf(form.security) ? portOf(security) : form.port;
  return { ...form, security, port };
}

/** The form with a folder, or without it. */
export function withFolder(form: MailboxForm, folder: string, isChosen: boolean): MailboxForm {
  const others = form.folders.filter((name) => name !== folder);
  return { ...form, folders: isChosen ? [...others, folder] : others };
}

/** The folders that can be chosen: those that were found, and those that are chosen already. */
export const foldersOf = (form: MailboxForm, found: string[]) => [...new Set([...form.folders, ...found])];

/**
 * Whether what proves the account must be typed: what is kept goes only to the server and the account that it
 * was given for.
 */
export function needsSecret(form: MailboxForm, mailbox?: Mailbox): boolean {
  if (!mailbox) return true;
  const isSame =
    form.host.trim().toLowerCase() === mailbox.host.toLowerCase() &&
    form.user.trim() === mailbox.user &&
    form.proof === mailbox.proof &&
    (form.proof !== "refresh_token" || form.tokenEndpoint.trim() === (mailbox.token_endpoint ?? ""));
  return !isSame;
}

/** The secrets that were typed and belong to how the account is proved. */
function secretsOf({ proof, secrets }: MailboxForm) {
  const named = {
    password: ["password"],
    access_token: ["access_token"],
    refresh_token: ["refresh_token", "client_secret"],
  } as const;
  const typed = named[proof].map((name) => [name, secrets[name]] as const);
  return Object.fromEntries(typed.filter(([, secret]) => secret !== ""));
}

/** Where the mailbox is, and what proves it. */
function connectionOf(form: MailboxForm) {
  const isRefreshed = form.proof === "refresh_token";
  return {
    host: form.host,
    port: Number(form.port) || 0,
    security: form.security,
    user: form.user,
    proof: form.proof,
    token_endpoint: isRefreshed ? form.tokenEndpoint : null,
    client_id: isRefreshed ? form.clientId : null,
    ...secretsOf(form),
  };
}

const restOf = (form: MailboxForm) => ({
  folders: form.folders,
  every_minutes: form.every,
  makes_contacts: form.makesContacts,
});

export const inputOf = (form: MailboxForm): MailboxInput => ({
  name: form.name,
  ...connectionOf(form),
  ...restOf(form),
});

export const patchOf = (form: MailboxForm): MailboxPatch => ({ ...connectionOf(form), ...restOf(form) });

export const checkOf = (form: MailboxForm, mailbox?: Mailbox): MailboxCheckInput => ({
  ...(mailbox ? { mailbox_id: mailbox.id } : {}),
  ...connectionOf(form),
  folders: form.folders,
});
