// A proxy that fails: it stands between a library and the server and loses, cuts, delays, doubles and
// refuses requests, each as the seed says. What it does to a request, a network or another proxy does
// one day.
import http from "node:http";

/** What happens to a request, and to how many of a thousand; the others pass. */
const FAULTS = {
  // The connection ends before anything was passed on.
  dropped_before: 60,
  // The server gets half of the body, then the connection ends.
  request_cut: 60,
  // The server has taken the events in, and the library never hears of it.
  dropped_after: 80,
  // The same, and the library is told that a server failed.
  failed_after: 50,
  // The library hears half of the answer.
  answer_cut: 40,
  // Passed on twice at the same moment, as proxies do that try again by themselves.
  doubled: 50,
  // Passed on a while later.
  delayed: 60,
  // Passed on when the library has given up on it and sends again.
  too_late: 30,
  answered_500: 40,
  answered_503: 30,
  answered_429: 20,
};

const DELAY_MS_MAX = 400;

/** A generator of numbers below 1 from a seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function choose(number) {
  let rest = number * 1000;
  for (const [fault, share] of Object.entries(FAULTS)) {
    rest -= share;
    if (rest < 0) {
      return fault;
    }
  }
  return "passed";
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Passes a request on; the answer, or null where the server ended the connection. */
function passOn(target, request, body, nBytes = body.length) {
  return new Promise((resolve) => {
    const onward = http.request(new URL(request.url, target), {
      method: request.method,
      headers: {
        ...request.headers,
        host: new URL(target).host,
        "content-length": body.length,
      },
      agent: false,
    });
    onward.on("error", () => resolve(null));
    onward.on("response", async (response) => {
      try {
        const answered = await bodyOf(response);
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: answered,
        });
      } catch {
        resolve(null);
      }
    });
    if (nBytes < body.length) {
      onward.write(body.subarray(0, nBytes), () => onward.destroy());
    } else {
      onward.end(body);
    }
  });
}

function answer(response, answered) {
  if (!answered) {
    response.destroy();
    return;
  }
  response.writeHead(answered.status, {
    ...answered.headers,
    "content-length": answered.body.length,
  });
  response.end(answered.body);
}

function answerHalf(response, answered) {
  if (!answered) {
    response.destroy();
    return;
  }
  const half = answered.body.subarray(0, answered.body.length >> 1);
  response.writeHead(answered.status, {
    ...answered.headers,
    "content-length": answered.body.length,
  });
  response.write(half, () => response.destroy());
}

function refuse(response, status, headers = {}) {
  response.writeHead(status, { "content-length": 0, ...headers });
  response.end();
}

/**
 * Starts the proxy before a server. `lateMs` is longer than the library waits.
 *
 * Returns its address, what it did so far by name, and how to end it.
 */
export async function startProxy({ target, seed, lateMs }) {
  const next = random(seed);
  const counts = { passed: 0 };
  // What is on its way to the server although nobody waits for it.
  const underWay = new Set();

  async function handle(request, response) {
    const fault = choose(next());
    const delayMs = next() * DELAY_MS_MAX;
    counts[fault] = (counts[fault] ?? 0) + 1;
    if (fault === "dropped_before") {
      response.destroy();
      return;
    }
    const body = await bodyOf(request);
    const pass = () => passOn(target, request, body);
    switch (fault) {
      case "request_cut":
        await passOn(target, request, body, body.length >> 1);
        response.destroy();
        break;
      case "dropped_after":
        await pass();
        response.destroy();
        break;
      case "failed_after":
        await pass();
        refuse(response, 502);
        break;
      case "answer_cut":
        answerHalf(response, await pass());
        break;
      case "doubled": {
        const [first] = await Promise.all([pass(), pass()]);
        answer(response, first);
        break;
      }
      case "delayed":
        await wait(delayMs);
        answer(response, await pass());
        break;
      case "too_late":
        await wait(lateMs);
        answer(response, await pass());
        break;
      case "answered_500":
        refuse(response, 500);
        break;
      case "answered_503":
        refuse(response, 503, { "retry-after": "1" });
        break;
      case "answered_429":
        refuse(response, 429, { "retry-after": "1" });
        break;
      default:
        answer(response, await pass());
    }
  }

  const server = http.createServer((request, response) => {
    // Whoever has gone needs no answer.
    response.on("error", () => {});
    const handled = handle(request, response)
      .catch(() => response.destroy())
      .finally(() => underWay.delete(handled));
    underWay.add(handled);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counts,
    async close() {
      await Promise.all(underWay);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
