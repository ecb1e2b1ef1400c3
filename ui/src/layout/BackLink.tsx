import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

import type { ListResource } from "@/api/dataProvider";
import { lastSearch } from "@/components/admin/listMemory";
import { asSearch } from "@/components/admin/searchParams";

/** Where a list stands: runs are a part of the models. */
const pathOf = (resource: ListResource) => (resource === "runs" ? "/models/runs" : `/${resource}`);

/** The way up, to the list that a record belongs to, as it was left. */
export function BackLink({ resource, label }: { resource: ListResource; label: string }) {
  return (
    <Link
      to={pathOf(resource)}
      search={asSearch(lastSearch(resource))}
      state={{ isReturn: true }}
      aria-label={label}
      title={label}
      className="-ml-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ChevronLeft className="size-4" />
    </Link>
  );
}
