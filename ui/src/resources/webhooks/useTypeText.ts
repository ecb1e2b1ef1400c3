import type { WebhookEventType } from "@/api/types";
import { useT } from "@/i18n";
import { wordsOf } from "./webhookModel";

/** How a type of event is said: "Deals: won". */
export function useTypeText() {
  const t = useT();
  return (type: WebhookEventType) => {
    const [object, change] = wordsOf(type);
    return `${t(`webhooks.object.${object}`)}: ${t(`webhooks.change.${change}`)}`;
  };
}
