import type { OrderStatus } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { useT } from "@/i18n";

export function OrderBadge({ status }: { status: OrderStatus }) {
  const t = useT();
  return <Badge tone={status === "returned" ? "warn" : "plain"}>{t(`order.${status}`)}</Badge>;
}
