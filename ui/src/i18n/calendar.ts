/** A calendar date, `2026-11-24`: the same day wherever it is read. */
export type CalendarDate = string;

/** The calendar date on which an instant falls where the reader is. */
export function dayOf(at: number): CalendarDate {
  const date = new Date(at);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map((part) => String(part).padStart(2, "0"))
    .join("-");
}

/** The instant at which a calendar date begins where the reader is. */
export function startOfDay(day: CalendarDate): string {
  return new Date(`${day}T00:00:00`).toISOString().replace(".000Z", "Z");
}
