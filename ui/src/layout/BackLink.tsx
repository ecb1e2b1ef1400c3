import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

import type { ListResource } from "@/api/dataProvider";
import { lastSearch } from "@/components/admin/listMemory";
import { asSearch } from "@/components/admin/searchParams";

/** The way up, to the list that a record belongs to, as it was left. */
export function BackLink({ to, label }: { to: `/${ListResource}`; label: string }) {
  return (
    <Link
      to={to}
      search={asSearch(lastSearch(to.slice(1)))}
      state={{ isReturn: true }}
      aria-label={label}
      title={label}
      className="-ml-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ChevronLeft className="size-4" />
    </Link>
  );
}
