import { afterEach, beforeEach, expect, it, vi } from "vitest";

import type { ServerChange } from "./dataProvider";
import { openStream, shareStream } from "./stream";

/** A stream that the test drives. */
class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  readonly CLOSED = 2;
  readyState = 0;
  onopen: () => void = () => {};
  onerror: () => void = () => {};
  constructor() {
    super();
    FakeSource.all.push(this);
  }
  open() {
    this.readyState = 1;
    this.onopen();
  }
  refuse() {
    this.readyState = this.CLOSED;
    this.onerror();
  }
  send(event: string, data: object) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
  close() {
    this.readyState = this.CLOSED;
  }
}

/** A lock that the first tab holds until it lets go. */
function fakeLocks() {
  const waiting: (() => void)[] = [];
  let isHeld = false;
  const next = () => {
    isHeld = false;
    waiting.shift()?.();
  };
  return {
    request: (_: string, { signal }: { signal: AbortSignal }, hold: () => Promise<void>) =>
      new Promise<void>((resolve, reject) => {
        const take = () => {
          isHeld = true;
          void hold().then(() => (next(), resolve()));
        };
        signal.addEventListener("abort", () => reject(new DOMException("", "AbortError")));
        if (isHeld) waiting.push(take);
        else take();
      }),
  };
}

/** A channel between tabs that hands messages over at once. */
class FakeChannel {
  static all = new Set<FakeChannel>();
  onmessage: (event: { data: unknown }) => void = () => {};
  constructor() {
    FakeChannel.all.add(this);
  }
  postMessage(data: unknown) {
    FakeChannel.all.forEach((other) => other !== this && other.onmessage({ data }));
  }
  close() {
    FakeChannel.all.delete(this);
  }
}

beforeEach(() => {
  FakeSource.all = [];
  FakeChannel.all.clear();
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", FakeSource);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const latest = () => FakeSource.all.at(-1)!;
const names = (heard: ServerChange[]) => heard.map(({ event }) => event);

it("each beginning of the stream is told, for what came before it may have been missed", () => {
  const heard: ServerChange[] = [];
  openStream((change) => heard.push(change));

  latest().open();
  latest().send("job", { id: "1", status: "running" });
  latest().open();

  expect(names(heard)).toEqual(["reset", "job", "reset"]);
});

it("a stream that was refused for good begins anew, less and less often", () => {
  const stop = openStream(() => {});

  latest().refuse();
  vi.advanceTimersByTime(1_000);
  expect(FakeSource.all).toHaveLength(2);
  latest().refuse();
  vi.advanceTimersByTime(1_000);
  expect(FakeSource.all).toHaveLength(2);
  vi.advanceTimersByTime(1_000);
  expect(FakeSource.all).toHaveLength(3);

  latest().refuse();
  stop();
  vi.advanceTimersByTime(60_000);
  expect(FakeSource.all).toHaveLength(3);
});

it("seven tabs keep one stream; a late one is told what goes on, and the next takes over", () => {
  vi.stubGlobal("navigator", { locks: fakeLocks() });
  vi.stubGlobal("BroadcastChannel", FakeChannel);
  const first: ServerChange[] = [];
  const second: ServerChange[] = [];

  const stopFirst = shareStream((change) => first.push(change));
  latest().open();
  latest().send("job", { id: "1", status: "running" });
  latest().send("import", { id: "2", status: "done" });
  shareStream((change) => second.push(change));
  latest().send("job", { id: "1", status: "done" });

  expect(FakeSource.all).toHaveLength(1);
  expect(names(first)).toEqual(["reset", "job", "import", "job"]);
  expect(names(second)).toEqual(["reset", "job", "job"]);

  stopFirst();
  return vi.waitFor(() => {
    expect(FakeSource.all).toHaveLength(2);
    latest().open();
    expect(names(second).at(-1)).toBe("reset");
  });
});
