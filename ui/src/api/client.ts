import createClient, { type Middleware } from "openapi-fetch";

import { ApiError, toApiError } from "./problem";
import type { paths } from "./types";

/** Sent with every change; browsers refuse to send it across origins without asking. */
export const CSRF_HEADER = "x-rapport-csrf";

/** Sends the session cookie along and marks the request as ours. */
export async function send(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError(0, "offline", "the server cannot be reached");
  }
}

const ours: Middleware = {
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set(CSRF_HEADER, "1");
    return request;
  },
};

/** The one door to HTTP: openapi-fetch with our headers. */
export function createApi() {
  const client = createClient<paths>({
    baseUrl: globalThis.location?.origin ?? "",
    credentials: "same-origin",
    querySerializer: { array: { style: "form", explode: true } },
    fetch: send,
  });
  client.use(ours);
  return client;
}

/** The answer's data, or the problem thrown as an [`ApiError`]. */
export async function unwrap<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw toApiError(response, error);
  return data as T;
}
