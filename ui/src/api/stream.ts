import type { ServerChange } from "./dataProvider";

type Listener = (change: ServerChange) => void;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
const EVENTS = ["job", "import", "segmentation", "run", "model"] as const;

/**
 * Server-sent events. The browser reconnects after a lost connection, but gives up for good when it is
 * answered anything else than a stream, as a proxy does while the server restarts; then we begin anew,
 * less and less often. Each beginning is told as `reset`: what happened in between is not known.
 */
export function openStream(onChange: Listener): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let nFailed = 0;

  function open() {
    source = new EventSource("/api/v1/stream");
    source.onopen = () => {
      nFailed = 0;
      onChange({ event: "reset" });
    };
    source.onerror = () => {
      if (source.readyState !== source.CLOSED) return;
      timer = setTimeout(open, Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** nFailed));
      nFailed += 1;
    };
    source.addEventListener("reset", () => onChange({ event: "reset" }));
    for (const event of EVENTS) {
      source.addEventListener(event, (message: MessageEvent<string>) =>
        onChange({ event, [event]: JSON.parse(message.data) as unknown } as ServerChange),
      );
    }
  }

  open();
  return () => {
    clearTimeout(timer);
    source.close();
  };
}

/** What the tabs of one browser say to each other. */
type Message = { hello: string } | { change: ServerChange; to?: string };

const NAME = "rapport.stream";

/**
 * One stream for all tabs: a browser opens six connections to a host at most, so with a stream each the
 * seventh tab would wait for ever. The tab that holds the lock listens and passes on what it hears; when
 * it closes, the next one takes over. Without locks or a channel each tab listens for itself.
 */
export function shareStream(onChange: Listener): () => void {
  if (!navigator.locks || typeof BroadcastChannel === "undefined") return openStream(onChange);
  const me = crypto.randomUUID?.() ?? String(Math.random());
  const channel = new BroadcastChannel(NAME);
  const waiting = new AbortController();
  const say = (message: Message) => channel.postMessage(message);
  let lead: { underWay: UnderWay; stop: () => void } | null = null;

  channel.onmessage = ({ data: message }: MessageEvent<Message>) => {
    if ("hello" in message) lead?.underWay.tell((change) => say({ change, to: message.hello }));
    else if (!lead && (message.to ?? me) === me) onChange(message.change);
  };
  const listen = () =>
    new Promise<void>((resolve) => {
      const underWay = new UnderWay();
      const close = openStream((change) => {
        underWay.note(change);
        onChange(change);
        say({ change });
      });
      lead = { underWay, stop: () => (close(), resolve()) };
    });
  // Refused only when this tab stops waiting.
  navigator.locks.request(NAME, { signal: waiting.signal }, listen).catch(() => undefined);
  say({ hello: me });

  return () => {
    waiting.abort();
    lead?.stop();
    channel.close();
  };
}

/** What goes on now, for tabs that come later. */
class UnderWay {
  readonly #changes = new Map<string, ServerChange>();

  note(change: ServerChange) {
    if (change.event === "reset") return this.#changes.clear();
    if (change.event !== "job" && change.event !== "import") return;
    const one = change.event === "job" ? change.job : change.import;
    if (one.status === "queued" || one.status === "running") {
      this.#changes.set(`${change.event} ${one.id}`, change);
    } else this.#changes.delete(`${change.event} ${one.id}`);
  }

  tell(listener: Listener) {
    listener({ event: "reset" });
    this.#changes.forEach(listener);
  }
}
