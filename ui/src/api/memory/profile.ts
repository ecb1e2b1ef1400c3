import type * as Wire from "../types";
import { months, NOW, type MemoryData } from "./company";
import { identitiesOf } from "./identities";

const label = (en: string, zh: string): Wire.LocalizedText => ({ en, zh });

/** The company that has the domain of a contact's address, where the contact has none. */
function suggestionOf(data: MemoryData, { company, email }: Wire.Contact): Wire.CompanyReason | null {
  const domain = email?.split("@")[1];
  const [found, ...others] = data.companies.filter((one) => domain && one.domain === domain);
  if (company || !domain || !found || others.length > 0) return null;
  return { company: { id: found.id, name: found.name }, rule: "domain", domain, attached_at: null };
}

export function profileOf(data: MemoryData, contact: Wire.Contact): Wire.ContactProfile {
  const orders = data.orders.filter((order) => order.contact?.id === contact.id);
  const total = (contact.total_spent?.amount_minor ?? 0) / 100;
  const recency = contact.last_order_at
    ? Math.floor((NOW - Date.parse(contact.last_order_at)) / 86_400_000)
    : null;
  const rank = (read: (c: Wire.Contact) => number) =>
    data.contacts.filter((other) => read(other) < read(contact)).length / Math.max(1, data.contacts.length);
  const feature = (
    name: string,
    en: string,
    zh: string,
    unit: string,
    value: number | null,
    percentile: number | null,
  ): Wire.FeatureValue => ({ name, label: label(en, zh), unit, value, percentile });
  const segment = data.segmentation.segments.find((s) => s.id === contact.segment?.id);
  return {
    contact,
    company_reason: suggestionOf(data, contact),
    features: [
      feature(
        "recency",
        "Days since last order",
        "距上次下单天数",
        "days",
        recency,
        1 - rank((c) => Date.parse(c.last_order_at ?? "0")),
      ),
      feature(
        "frequency",
        "Orders",
        "订单数",
        "count",
        contact.n_orders,
        rank((c) => c.n_orders),
      ),
      feature(
        "monetary_value",
        "Basket value",
        "客单价",
        "money",
        contact.n_orders ? total / contact.n_orders : null,
        rank((c) => (c.total_spent?.amount_minor ?? 0) / Math.max(1, c.n_orders)),
      ),
      feature(
        "total_spent",
        "Total spent",
        "累计消费",
        "money",
        total,
        rank((c) => c.total_spent?.amount_minor ?? 0),
      ),
      feature("return_rate", "Return rate", "退货率", "share", 0.03, 0.44),
      feature("weekend_share", "Weekend share", "周末占比", "share", 0.31, 0.71),
      feature("trend", "Spending trend", "消费趋势", "share", null, null),
    ],
    segment: segment
      ? {
          id: segment.id,
          name: segment.name,
          color: segment.color,
          reasons: segment.traits.slice(0, 3).map((t) => ({
            feature: t.feature,
            label: t.label,
            direction: t.direction,
            value: t.typical * 1.1,
            typical: t.overall,
            unit: t.unit,
          })),
        }
      : null,
    scores: [],
    identities: identitiesOf(data, contact),
    consents: [
      {
        id: "email-marketing",
        channel: "email",
        purpose: "marketing",
        status: "granted",
        source: "form",
        stated_at: contact.created_at,
      },
      {
        id: "phone-marketing",
        channel: "phone",
        purpose: "marketing",
        status: "withdrawn",
        source: "form",
        stated_at: contact.updated_at,
      },
      {
        id: "email-profiling",
        channel: "email",
        purpose: "profiling",
        status: "granted",
        source: "form",
        stated_at: contact.created_at,
      },
    ],
    // As the server does, without the months in which nothing was ordered.
    monthly: months(12).flatMap((month) => {
      const inMonth = orders.filter((order) => order.ordered_at.startsWith(month));
      if (inMonth.length === 0) return [];
      return {
        month,
        amount_minor: inMonth.reduce((sum, order) => sum + order.amount.amount_minor, 0),
        n_orders: inMonth.length,
      };
    }),
  };
}

/** What most entries lack. */
const NOTHING = { actor: null, amount: null, detail: null, order: null, ticket_id: null };

export function timelineOf(data: MemoryData, contactId: string): Wire.TimelineEntry[] {
  const orders = data.orders
    .filter((order) => order.contact?.id === contactId)
    .flatMap((order): Wire.TimelineEntry[] => [
      {
        ...NOTHING,
        id: order.id,
        kind: order.status === "returned" ? "product_returned" : "order",
        at: order.ordered_at,
        title: order.external_id ?? "",
        detail: order.lines.map((line) => `${line.quantity} × ${line.description}`).join(" · "),
        amount: order.amount,
        order: { id: order.id, external_id: order.external_id },
      },
      {
        ...NOTHING,
        id: `${order.id}-view`,
        kind: "page_viewed",
        at: new Date(Date.parse(order.ordered_at) - 1_500_000).toISOString(),
        title: order.lines[0]?.description ?? "",
      },
    ]);
  const tickets = data.tickets
    .filter((ticket) => ticket.contact?.id === contactId)
    .map((ticket): Wire.TimelineEntry => ({
      ...NOTHING,
      id: ticket.id,
      kind: "ticket",
      at: ticket.created_at,
      title: ticket.subject,
      detail: ticket.body,
      ticket_id: ticket.id,
    }));
  const notes = notesOf(data)
    .filter((note) => note.subject.id === contactId)
    .map((note): Wire.TimelineEntry => ({
      ...NOTHING,
      id: note.id,
      kind: "note",
      at: note.created_at,
      title: note.body,
      actor: note.author?.name ?? null,
    }));
  return [...orders, ...tickets, ...notes].sort((a, b) => b.at.localeCompare(a.at));
}

const notes = new WeakMap<MemoryData, Wire.Note[]>();
export function notesOf(data: MemoryData): Wire.Note[] {
  const known = notes.get(data) ?? [];
  notes.set(data, known);
  return known;
}
