import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type { TimelineEntry } from "@/api/types";
import type { FilterWords } from "@/components/admin/filters";

const WORDS: FilterWords = { period: String, span: String, and: (low, high) => `${low} to ${high}` };

/** Formats remember the zone in which they were made, so each zone loads them anew. */
async function load(zone: string) {
  vi.stubEnv("TZ", zone);
  vi.resetModules();
  return {
    ...(await import("./format")),
    ...(await import("./calendar")),
    ...(await import("@/components/admin/filters")),
    ...(await import("@/resources/contacts/timelineModel")),
  };
}

describe.each([
  {
    zone: "America/New_York",
    midnight: "2026-11-24T05:00:00Z",
    late: "2026-11-01T03:00:00Z",
    month: "2026-10",
  },
  { zone: "Asia/Shanghai", midnight: "2026-11-23T16:00:00Z", late: "2026-10-31T17:00:00Z", month: "2026-11" },
])("in $zone", ({ zone, midnight, late, month }) => {
  let our: Awaited<ReturnType<typeof load>>;
  beforeAll(async () => {
    our = await load(zone);
  });
  afterAll(() => void vi.unstubAllEnvs());

  it("a calendar date is the day that was written down", () => {
    expect(our.FORMATS.en.day("2026-11-24")).toBe("24 Nov 2026");
    expect(our.FORMATS.en.month("2026-03", "long")).toBe("March 2026");
  });

  it("a day begins at the reader's midnight, and its chip reads the same day", () => {
    const since = { field: "last_order_at", label: "", kind: "date" } as const;

    const value = our.fromInput(since, "gte", "2026-11-24", null);

    const condition = { field: "last_order_at", op: "gte", value } as const;
    expect(value).toBe(midnight);
    expect(our.toInput(since, condition, null)).toBe("2026-11-24");
    expect(our.valueText(since, condition, our.FORMATS.en, WORDS)).toBe("24 Nov 2026");
  });

  it("the days of a stretch read as they were typed", () => {
    const since = { field: "last_order_at", label: "", kind: "date" } as const;
    const condition = { field: "last_order_at", op: "between", value: "2026-11-01,2026-11-24" } as const;

    const text = our.valueText(since, condition, our.FORMATS.en, WORDS);

    expect(text).toBe("1 Nov 2026 to 24 Nov 2026");
  });

  it("an entry stands under the month in which its own time falls", () => {
    const entry = { id: "1", at: late } as TimelineEntry;

    const [group] = our.byMonth([entry]);

    expect(group?.month).toBe(month);
    expect(our.dayOf(Date.parse(late)).slice(0, 7)).toBe(month);
  });
});
