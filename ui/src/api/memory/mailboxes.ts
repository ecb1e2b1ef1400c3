import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { Random } from "./random";

type MailboxProvider = Pick<
  DataProvider,
  "mailboxes" | "createMailbox" | "updateMailbox" | "deleteMailbox" | "readMailbox" | "checkMailbox"
>;

type Failure = { code: string; reason: string };

/** A mail server that knows one password, and whose name is as real as it looks. */
function failureOf(host: string, password: string | null | undefined, folders: string[]): Failure | null {
  if (host.endsWith(".invalid")) return { code: "unknown_host", reason: host };
  if (password === "wrong") return { code: "login", reason: "[AUTHENTICATIONFAILED] Invalid credentials" };
  const missing = folders.find((folder) => !FOLDERS.includes(folder));
  return missing === undefined ? null : { code: "folder", reason: missing };
}

const FOLDERS = ["INBOX", "Sent", "Archive"];

/** Mailboxes of the demonstration: what is read there is always the same. */
export function mailboxProvider(
  random: Random,
  answer: <T>(make: () => T) => Promise<T>,
  nowText: () => string,
): MailboxProvider {
  let mailboxes: Wire.Mailbox[] = [];

  const find = (id: Wire.Id) => {
    const found = mailboxes.find((mailbox) => mailbox.id === id);
    if (!found) throw new ApiError(404, "not_found", "no such mailbox");
    return found;
  };
  const replace = (next: Wire.Mailbox) => {
    mailboxes = mailboxes.map((mailbox) => (mailbox.id === next.id ? next : mailbox));
    return next;
  };
  /** What a reading leaves: the failure of the server, or all folders read. */
  const read = (mailbox: Wire.Mailbox): Wire.Mailbox => {
    const failure = failureOf(mailbox.host, null, mailbox.folders);
    const folders = mailbox.folders.map((name): Wire.MailboxFolder => ({
      name,
      n_seen: 5_201,
      n_read: 5_199,
      n_gone: 1,
      n_missed: 1,
      missed: [{ uid: 17, reason: "[SERVERBUG] it cannot be read" }],
      n_times_anew: 0,
    }));
    const { readings } = mailbox;
    return {
      ...mailbox,
      readings: {
        ...readings,
        last_at: nowText(),
        last_good_at: failure ? readings.last_good_at : nowText(),
        next_at: mailbox.is_paused || mailbox.every_minutes === null ? null : nowText(),
        n_failures: failure ? readings.n_failures + 1 : 0,
        failure,
        folders: failure ? readings.folders : folders,
      },
    };
  };

  return {
    mailboxes: () => answer(() => [...mailboxes].sort((a, b) => a.name.localeCompare(b.name))),
    createMailbox: (input) =>
      answer(() => {
        if (mailboxes.some(({ name }) => name === input.name)) {
          throw new ApiError(409, "duplicate", "this mailbox exists already");
        }
        const made: Wire.Mailbox = {
          id: random.id(),
          name: input.name,
          host: input.host,
          port: input.port ?? 993,
          security: input.security ?? "tls",
          user: input.user,
          proof: input.proof ?? "password",
          token_endpoint: input.token_endpoint ?? null,
          client_id: input.client_id ?? null,
          folders: input.folders ?? ["INBOX"],
          every_minutes: input.every_minutes ?? null,
          makes_contacts: input.makes_contacts ?? false,
          is_paused: false,
          readings: {
            job_id: null,
            last_at: null,
            last_good_at: null,
            next_at: null,
            n_failures: 0,
            failure: null,
            folders: [],
          },
          created_at: nowText(),
          updated_at: nowText(),
          version: 1,
        };
        mailboxes = [...mailboxes, made];
        return made.every_minutes === null ? made : replace(read(made));
      }),
    updateMailbox: (id, version, change) =>
      answer(() => {
        const old = find(id);
        if (old.version !== version) throw new ApiError(412, "version_conflict", "it was changed");
        const { password: _p, access_token: _a, refresh_token: _r, client_secret: _c, ...told } = change;
        const changed: Wire.Mailbox = { ...old, ...told, version: version + 1 };
        const next_at = changed.is_paused || changed.every_minutes === null ? null : nowText();
        return replace({ ...changed, readings: { ...changed.readings, next_at } });
      }),
    deleteMailbox: (id) => answer(() => void (mailboxes = mailboxes.filter((one) => one.id !== id))),
    readMailbox: (id) => answer(() => void replace(read(find(id)))),
    checkMailbox: ({ host, password, folders }) =>
      answer(() => {
        const failure = failureOf(host, password, folders ?? ["INBOX"]);
        return { is_ok: failure === null, failure, folders: failure ? [] : FOLDERS };
      }),
  };
}
