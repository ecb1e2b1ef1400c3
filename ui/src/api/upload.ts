import { CSRF_HEADER } from "./client";
import { ApiError, toApiError } from "./problem";
import type { Import } from "./types";

/**
 * Sends a file with a progress report. `fetch` cannot tell how much has gone out, so this one
 * request uses XMLHttpRequest.
 */
export function uploadFile(
  file: File,
  source: string,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Import> {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    // Text fields before the file: the server reads the parts as they arrive.
    form.append("source", source);
    form.append("file", file);
    const request = new XMLHttpRequest();
    request.open("POST", "/api/v1/imports");
    request.setRequestHeader(CSRF_HEADER, "1");
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, "offline", "the server cannot be reached"));
    request.onabort = () => reject(new DOMException("upload stopped", "AbortError"));
    request.onload = () => {
      const body = parse(request.responseText);
      if (request.status >= 200 && request.status < 300) return resolve(body as Import);
      const headers = { "retry-after": request.getResponseHeader("retry-after") ?? "" };
      const { status, statusText } = request;
      reject(toApiError(new Response(null, { status, statusText, headers }), body));
    };
    signal?.addEventListener("abort", () => request.abort());
    request.send(form);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
