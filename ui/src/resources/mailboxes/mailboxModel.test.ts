import { describe, expect, it } from "vitest";

import type { Mailbox } from "@/api/types";
import {
  checkOf,
  foldersOf,
  formOf,
  inputOf,
  needsSecret,
  patchOf,
  standingOf,
  totalsOf,
  withFolder,
  withSecurity,
} from "./mailboxModel";

const MAILBOX: Mailbox = {
  id: "0198",
  name: "Sales",
  host: "imap.house.example",
  port: 993,
  security: "tls",
  user: "sales@house.example",
  proof: "password",
  token_endpoint: null,
  client_id: null,
  folders: ["INBOX"],
  every_minutes: 15,
  makes_contacts: false,
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
  created_at: "2026-11-28T09:00:00Z",
  updated_at: "2026-11-28T09:00:00Z",
  version: 1,
};

describe("a form", () => {
  it("of a new mailbox is read every quarter of an hour, over TLS", () => {
    expect(formOf()).toMatchObject({ port: "993", security: "tls", every: 15, folders: ["INBOX"] });
  });

  it("takes the port of the encryption unless another one was chosen", () => {
    expect(withSecurity(formOf(), "start_tls").port).toBe("143");
    expect(withSecurity({ ...formOf(), port: "1993" }, "start_tls").port).toBe("1993");
  });

  it("sends the secrets that were typed and belong to how the account is proved, and no others", () => {
    const form = {
      ...formOf(),
      secrets: { password: "p", access_token: "a", refresh_token: "r", client_secret: "" },
    };

    expect(inputOf(form)).toMatchObject({ password: "p", token_endpoint: null });
    expect(inputOf(form)).not.toHaveProperty("access_token");
    const refreshed = inputOf({ ...form, proof: "refresh_token", tokenEndpoint: "https://a.example" });
    expect(refreshed).toMatchObject({ refresh_token: "r", token_endpoint: "https://a.example" });
    expect(refreshed).not.toHaveProperty("password");
    expect(refreshed).not.toHaveProperty("client_secret");
  });

  it("of a mailbox that is kept shows no secret and sends none", () => {
    const form = formOf(MAILBOX);

    expect(Object.values(form.secrets)).toEqual(["", "", "", ""]);
    expect(patchOf(form)).not.toHaveProperty("password");
    expect(checkOf(form, MAILBOX)).toMatchObject({ mailbox_id: "0198" });
  });

  it("asks for the secret anew where it would go to another server, account or token endpoint", () => {
    const form = formOf(MAILBOX);

    expect(needsSecret(formOf())).toBe(true);
    expect(needsSecret(form, MAILBOX)).toBe(false);
    expect(needsSecret({ ...form, host: "IMAP.house.example ", port: "143" }, MAILBOX)).toBe(false);
    expect(needsSecret({ ...form, host: "imap.thief.example" }, MAILBOX)).toBe(true);
    expect(needsSecret({ ...form, user: "boss@house.example" }, MAILBOX)).toBe(true);
    expect(needsSecret({ ...form, proof: "access_token" }, MAILBOX)).toBe(true);
  });

  it("offers the folders that were found beside those that are chosen", () => {
    const form = withFolder(formOf(MAILBOX), "Sent", true);

    expect(foldersOf(form, ["INBOX", "Archive"])).toEqual(["INBOX", "Sent", "Archive"]);
    expect(withFolder(form, "INBOX", false).folders).toEqual(["Sent"]);
  });
});

describe("a mailbox", () => {
  const with_ = (readings: Partial<Mailbox["readings"]>, rest: Partial<Mailbox> = {}): Mailbox => ({
    ...MAILBOX,
    ...rest,
    readings: { ...MAILBOX.readings, ...readings },
  });

  it("stands as what matters most says", () => {
    const failure = { code: "login", reason: "no" };

    expect(standingOf(MAILBOX)).toBe("on");
    expect(standingOf(with_({}, { every_minutes: null }))).toBe("by_hand");
    expect(standingOf(with_({}, { is_paused: true }))).toBe("paused");
    expect(standingOf(with_({ failure }, { is_paused: true }))).toBe("failing");
    expect(standingOf(with_({ failure, job_id: "0199" }))).toBe("reading");
  });

  it("has read as much as its folders together", () => {
    const folder = (n_read: number, n_missed: number) => ({
      name: "INBOX",
      n_seen: n_read + n_missed,
      n_read,
      n_gone: 0,
      n_missed,
      missed: [],
      n_times_anew: 0,
    });

    expect(totalsOf(with_({ folders: [folder(5_000, 1), folder(200, 0)] }))).toEqual({
      nRead: 5_200,
      nMissed: 1,
    });
  });
});
