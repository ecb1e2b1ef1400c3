import type { Webhook, WebhookDelivery, WebhookEventType, WebhookStatus } from "@/api/types";

/** Where webhooks and their logs are cached. */
export const webhookKeys = {
  all: ["webhooks"],
  log: (id: string) => ["webhooks", id, "log"],
  delivery: (id: string, delivery: string) => ["webhooks", id, "delivery", delivery],
};

export const STATUSES: WebhookStatus[] = ["waiting", "delivered", "failed", "withheld"];

/** Types by what they are about: `deal.won` is one of `deal`. */
export type TypeObject = WebhookEventType extends `${infer Before}.${string}` ? Before : never;
export type TypeChange = WebhookEventType extends `${string}.${infer After}` ? After : never;

/** The two words of a type. */
export function wordsOf(type: WebhookEventType): [TypeObject, TypeChange] {
  const [object, change] = type.split(".");
  return [object as TypeObject, change as TypeChange];
}

/** The types in groups by what they are about, in their order. */
export function groupsOf(types: WebhookEventType[]): { object: TypeObject; types: WebhookEventType[] }[] {
  const groups = new Map<TypeObject, WebhookEventType[]>();
  for (const type of types) {
    const [object] = wordsOf(type);
    groups.set(object, [...(groups.get(object) ?? []), type]);
  }
  return [...groups].map(([object, ofObject]) => ({ object, types: ofObject }));
}

/** The chosen types with all of a group, or without them. */
export function withGroup(chosen: WebhookEventType[], group: WebhookEventType[], isChosen: boolean) {
  const others = chosen.filter((type) => !group.includes(type));
  return isChosen ? [...others, ...group] : others;
}

/** How a webhook stands, in one word. */
export function standingOf({ is_enabled, failing_since }: Webhook): "on" | "off" | "failing" {
  if (!is_enabled) return "off";
  return failing_since === null ? "on" : "failing";
}

/** How many of the latest deliveries are so. */
export const countOf = (recent: WebhookStatus[], status: WebhookStatus) =>
  recent.filter((one) => one === status).length;

/** A body as people read it; one that is no JSON as it is. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** The instant that a field for date and time names in the reader's zone, or null. */
export function instantOf(local: string): string | null {
  const at = new Date(local);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** Whether a delivery may be sent again: one that waits is sent anyway. */
export const mayReplay = ({ status }: WebhookDelivery) => status !== "waiting";
