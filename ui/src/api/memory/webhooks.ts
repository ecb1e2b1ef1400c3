import type { DataProvider } from "../dataProvider";
import { ApiError } from "../problem";
import type * as Wire from "../types";
import { pageOf } from "./lists";
import type { Random } from "./random";

type WebhookProvider = Pick<
  DataProvider,
  | "webhooks"
  | "createWebhook"
  | "updateWebhook"
  | "deleteWebhook"
  | "rotateWebhookSecret"
  | "testWebhook"
  | "webhookDeliveries"
  | "webhookDelivery"
  | "replayWebhook"
  | "replayWebhookDelivery"
>;

const TYPES: Wire.WebhookEventType[] = [
  "contact.created",
  "contact.updated",
  "contact.deleted",
  "deal.won",
  "deal.lost",
  "import.finished",
];

/** A warehouse that takes what it is told, and now and then does not. */
export function webhookProvider(
  random: Random,
  answer: <T>(make: () => T) => Promise<T>,
  nowText: () => string,
  actor: () => Wire.Reference | null,
): WebhookProvider {
  let webhooks: Wire.Webhook[] = [];
  const logs = new Map<Wire.Id, Wire.WebhookDeliveryDetail[]>();

  const find = (id: Wire.Id) => {
    const found = webhooks.find((webhook) => webhook.id === id);
    if (!found) throw new ApiError(404, "not_found", "no such webhook");
    return found;
  };
  const replace = (next: Wire.Webhook) => {
    webhooks = webhooks.map((webhook) => (webhook.id === next.id ? next : webhook));
    return next;
  };
  const tell = (id: Wire.Id, type: string, status: Wire.WebhookStatus, code: number | null) => {
    const delivery: Wire.WebhookDelivery = {
      id: random.id(),
      message_id: `msg_${random.id().replaceAll("-", "")}`,
      type,
      object: type === "webhook.test" ? null : "contact",
      record_id: type === "webhook.test" ? null : random.id(),
      status,
      n_attempts: 1,
      next_attempt_at: null,
      created_at: nowText(),
      last_attempt_at: nowText(),
      last_code: code,
    };
    const attempt: Wire.WebhookAttempt = {
      number: 1,
      at: nowText(),
      duration_ms: 42,
      code,
      failure: code === null ? "no answer within 15 s" : null,
      answer: code === null ? null : "",
    };
    const detail = { delivery, body: JSON.stringify({ type, data: {} }), attempts: [attempt] };
    logs.set(id, [detail, ...(logs.get(id) ?? [])]);
    const recent = (logs.get(id) ?? []).map(({ delivery }) => delivery.status);
    const health = { recent, n_waiting: 0, last_attempt_at: nowText() };
    replace({ ...find(id), health });
    return detail;
  };

  return {
    webhooks: () => answer(() => ({ webhooks, types: TYPES })),
    createWebhook: ({ url, description = "", types, with_imports = false }) =>
      answer(() => {
        const owner = actor();
        if (!owner) throw new ApiError(401, "not_signed_in", "sign in first");
        if (!url.startsWith("https://")) {
          const message = "the address must begin with https://";
          throw new ApiError(422, "invalid", message, [{ pointer: "/url", code: "not_https", message }]);
        }
        const webhook: Wire.Webhook = {
          id: random.id(),
          url,
          description,
          types,
          with_imports,
          is_enabled: true,
          owner,
          failing_since: null,
          stop: null,
          health: { recent: [], n_waiting: 0, last_attempt_at: null },
          created_at: nowText(),
          updated_at: nowText(),
          version: 1,
        };
        webhooks = [...webhooks, webhook];
        tell(webhook.id, "contact.created", "delivered", 204);
        tell(webhook.id, "contact.updated", "failed", null);
        return { secret: `whsec_${"a".repeat(43)}=`, webhook: find(webhook.id) };
      }),
    updateWebhook: (id, version, { description, ...change }) =>
      answer(() => {
        const old = find(id);
        if (old.version !== version) throw new ApiError(412, "version_conflict", "it was changed");
        const said = description === undefined ? {} : { description: description ?? "" };
        return replace({ ...old, ...change, ...said, version: version + 1 });
      }),
    deleteWebhook: (id) => answer(() => void (webhooks = webhooks.filter((webhook) => webhook.id !== id))),
    rotateWebhookSecret: () =>
      answer(() => ({ secret: `whsec_${"b".repeat(43)}=`, old_secret_until: nowText() })),
    testWebhook: (id) => answer(() => tell(id, "webhook.test", "delivered", 204)),
    webhookDeliveries: (id, status, page) =>
      answer(() => {
        const all = (logs.get(id) ?? []).map(({ delivery }) => delivery);
        return pageOf(
          all.filter((delivery) => status === null || delivery.status === status),
          page,
        );
      }),
    webhookDelivery: (id, delivery) =>
      answer(() => {
        const found = logs.get(id)?.find((detail) => detail.delivery.id === delivery);
        if (!found) throw new ApiError(404, "not_found", "no such delivery");
        return found;
      }),
    replayWebhook: (id) => answer(() => (logs.get(id) ?? []).length),
    replayWebhookDelivery: (id, delivery) =>
      answer(() => {
        const again = (detail: Wire.WebhookDeliveryDetail): Wire.WebhookDeliveryDetail =>
          detail.delivery.id === delivery
            ? { ...detail, delivery: { ...detail.delivery, status: "waiting" } }
            : detail;
        logs.set(id, (logs.get(id) ?? []).map(again));
      }),
  };
}
