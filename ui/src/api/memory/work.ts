import type * as Wire from "../types";
import { DAY, iso, NOW, type MemoryData } from "./company";
import type { Random } from "./random";

/** Some tasks about the first contacts. */
export function addTasks(data: MemoryData, random: Random, owner: Wire.Reference) {
  const titles = [
    "Call back about the spring range",
    "Send the new price list",
    "确认样品寄送地址",
    "Ask why the last order was returned",
    "Prepare the renewal offer",
  ];
  const nobody = { id: "", name: "" };
  data.tasks = titles.map((title, i) => {
    const { id, name } = data.contacts[i % Math.max(1, data.contacts.length)] ?? nobody;
    return {
      id: random.id(),
      contact: { id, name },
      title,
      status: i === 4 ? "done" : "open",
      priority: (["high", "normal", "normal", "urgent", "low"] as const)[i]!,
      due_on: iso(NOW + (i - 1) * DAY).slice(0, 10),
      subject: { kind: "contact", id },
      owner,
      created_at: iso(NOW - 4 * DAY),
      updated_at: iso(NOW - 4 * DAY),
      done_at: null,
      custom: {},
      version: 1,
    };
  });
}

/** Some tickets, in both languages. */
export function addTickets(data: MemoryData, random: Random, owner: Wire.Reference) {
  const subjects = [
    "Parcel arrived damaged",
    "发票抬头需要修改",
    "Where is my order?",
    "Wrong colour delivered",
    "Refund not received",
  ];
  data.tickets = subjects.map((subject, i) => {
    const contact = data.contacts[(i * 3) % Math.max(1, data.contacts.length)];
    return {
      id: random.id(),
      subject,
      body: "Hello, two of the six holders were broken when I opened the box. Could you send replacements?",
      status: (["open", "pending", "open", "solved", "closed"] as const)[i]!,
      priority: (["high", "normal", "urgent", "low", "normal"] as const)[i]!,
      channel: (["email", "chat", "web", "phone", "email"] as const)[i]!,
      contact: contact ? { id: contact.id, name: contact.name } : null,
      owner,
      created_at: iso(NOW - (i + 1) * DAY),
      updated_at: iso(NOW - i * DAY),
      solved_at: null,
      custom: {},
      version: 1,
    };
  });
}
