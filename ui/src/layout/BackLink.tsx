import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";

/** The way up, to the list that a record belongs to. */
export function BackLink({ to, label }: { to: string; label: string }) {
  return (
    <Link
      to={to}
      aria-label={label}
      title={label}
      className="-ml-1 grid size-7 shrink-0 place-items-center rounded-md text-ink-2 hover:bg-hover hover:text-ink"
    >
      <ChevronLeft className="size-4" />
    </Link>
  );
}
