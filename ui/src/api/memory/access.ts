import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import type { Random } from "./random";

type Access = Pick<
  DataProvider,
  "sessions" | "endSession" | "endOtherSessions" | "apiKeys" | "createApiKey" | "revokeApiKey"
>;

const SCOPES: Wire.Scope[] = [
  "records:read",
  "contacts:read",
  "contacts:write",
  "companies:read",
  "companies:write",
  "imports:run",
];

/** Browsers and keys of the make-believe company. */
export function accessProvider(
  random: Random,
  answer: <T>(make: () => T) => Promise<T>,
  nowText: () => string,
  actor: () => Wire.Reference | null,
): Access {
  const browser = (user_agent: string, is_current: boolean): Wire.SignedInBrowser => ({
    id: random.id(),
    user_agent,
    address: "203.0.113.9",
    created_at: nowText(),
    seen_at: nowText(),
    expires_at: nowText(),
    is_current,
  });
  let sessions = [
    browser("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", true),
    browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", false),
    browser("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/139.0.0.0 Safari/537.36 Edg/139.0", false),
  ];
  let apiKeys: Wire.ApiKey[] = [];

  return {
    sessions: () => answer(() => sessions),
    endSession: (id) => answer(() => void (sessions = sessions.filter((session) => session.id !== id))),
    endOtherSessions: () => answer(() => void (sessions = sessions.filter((session) => session.is_current))),
    apiKeys: () => answer(() => ({ api_keys: apiKeys, scopes: SCOPES })),
    createApiKey: ({ name, scopes, expires_at }) =>
      answer(() => {
        const user = actor();
        if (!user) throw new ApiError(401, "not_signed_in", "sign in first");
        const prefix = `rk_demo${apiKeys.length}aaa`;
        const api_key: Wire.ApiKey = {
          id: random.id(),
          name,
          prefix,
          user,
          scopes,
          created_at: nowText(),
          last_used_at: null,
          expires_at: expires_at ?? null,
          revoked_at: null,
        };
        apiKeys = [...apiKeys, api_key];
        return { key: `${prefix}_${"a".repeat(52)}`, api_key };
      }),
    revokeApiKey: (id) =>
      answer(() => {
        apiKeys = apiKeys.map((key) => (key.id === id ? { ...key, revoked_at: nowText() } : key));
      }),
  };
}
