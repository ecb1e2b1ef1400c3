import { Link } from "@tanstack/react-router";

import { cn } from "@/components/ui/cn";
import { SEGMENT, SEGMENT_ON } from "@/components/ui/Segmented";
import { useT } from "@/i18n";

/** The two halves of the place: what serves, and what was tried. */
export function ModelsNav() {
  const t = useT();
  const parts = [
    { to: "/models", label: t("models.registry") },
    { to: "/models/runs", label: t("nav.runs") },
  ] as const;
  return (
    <nav aria-label={t("models.parts")} className="inline-flex rounded-md border bg-sunken p-px">
      {parts.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: true, includeSearch: false }}
          activeProps={{ className: SEGMENT_ON, "aria-current": "page" }}
          inactiveProps={{ className: "text-ink-2 hover:text-ink" }}
          className={cn(SEGMENT)}
        >
          {label}
        </Link>
      ))}
    </nav>
  );
}
