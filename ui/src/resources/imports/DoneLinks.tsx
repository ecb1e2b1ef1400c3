import { Link } from "@tanstack/react-router";
import { ArrowRight, CircleCheck } from "lucide-react";

import type { EntityKind } from "@/api/types";
import { Card } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";

type Place = "deals" | "contacts" | "companies" | "orders" | "products" | "tickets" | "tasks" | "segments";

const LEADS_TO: Record<EntityKind, Place[]> = {
  order_lines: ["orders", "contacts", "products", "segments"],
  contacts: ["contacts", "companies"],
  companies: ["companies", "contacts"],
  products: ["products"],
  tickets: ["tickets", "contacts"],
  events: ["contacts", "segments"],
  campaigns: ["contacts"],
  deals: ["deals", "contacts", "companies"],
  tasks: ["tasks", "contacts"],
  notes: ["contacts", "companies", "deals"],
};

/** Where the rows of a finished import can be seen. */
export function DoneLinks({ entity }: { entity: EntityKind }) {
  const t = useT();
  return (
    <Card className="flex flex-wrap items-center gap-2 px-4 py-2.5">
      <CircleCheck className="size-4 text-good" aria-hidden />
      <p className="mr-auto font-medium">{t("imports.isIn")}</p>
      {LEADS_TO[entity].map((place) => (
        <Button key={place} asChild size="sm">
          <Link to={`/${place}`}>
            {t(`nav.${place}`)}
            <ArrowRight />
          </Link>
        </Button>
      ))}
    </Card>
  );
}
