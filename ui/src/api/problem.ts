import type { Problem } from "./types";

/** What the server refused, as a typed error: status, code, and the fields to blame. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly violations: { pointer: string; code: string; message: string }[] = [],
    /** Seconds to wait, where the server says so. */
    readonly retryAfter: number | null = null,
  ) {
    super(message);
  }

  /** The request never reached the server. */
  get isOffline(): boolean {
    return this.status === 0;
  }

  /** Somebody else changed the record in the meantime. */
  get isConflict(): boolean {
    return this.status === 412;
  }
}

/** Reads a body of unknown make as problem details. */
export function toApiError(response: Response, body: unknown): ApiError {
  const problem = isProblem(body) ? body : undefined;
  const wait = Number(response.headers.get("retry-after"));
  return new ApiError(
    response.status,
    problem?.code ?? `http_${response.status}`,
    problem?.detail ?? problem?.title ?? response.statusText,
    problem?.errors ?? [],
    Number.isFinite(wait) && wait > 0 ? wait : null,
  );
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "title" in body && "status" in body;
}
