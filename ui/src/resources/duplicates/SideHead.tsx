import { Link } from "@tanstack/react-router";
import { Check } from "lucide-react";

import type { MatchSide } from "@/api/types";
import { Avatar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { useFormats, useT } from "@/i18n";

interface SideHeadProps {
  side: MatchSide;
  /** Its number on the screen, which is also the key that lets it stay. */
  number: 1 | 2;
  isStaying: boolean;
  /** Absent where the reader may not merge. */
  onStay: (() => void) | undefined;
}

/** One of the two: who, how much hangs on it, from where, and whether it is the one that stays. */
export function SideHead({ side, number, isStaying, onStay }: SideHeadProps) {
  const t = useT();
  const formats = useFormats();
  const { contact_id, name, n_identities, n_orders, created_at, sources } = side;
  const counts = [
    t("duplicates.nIdentities", { count: n_identities, text: formats.number(n_identities) }),
    t("duplicates.nOrders", { count: n_orders, text: formats.number(n_orders) }),
    created_at && t("duplicates.since", { date: formats.date(created_at) }),
  ];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5 py-1">
      <div className="flex items-center gap-2">
        <Avatar name={name} />
        <Link
          to="/contacts/$id"
          params={{ id: contact_id }}
          aria-label={t("duplicates.openContact", { name })}
          className="min-w-0 truncate text-base font-semibold hover:underline"
        >
          {name}
        </Link>
      </div>
      <p className="text-xs text-ink-2">{counts.filter(Boolean).join(" · ")}</p>
      <p className="truncate text-xs text-ink-3">{formats.list(sources.map((source) => source.name))}</p>
      {onStay && (
        <Button
          size="sm"
          variant={isStaying ? "secondary" : "ghost"}
          aria-pressed={isStaying}
          aria-keyshortcuts={String(number)}
          aria-label={t("duplicates.letStayOf", { name, n: number })}
          className={
            isStaying
              ? "justify-self-start border-accent bg-accent-soft text-accent-text"
              : "-ml-2 justify-self-start"
          }
          onClick={onStay}
        >
          {isStaying && <Check />}
          {t(isStaying ? "duplicates.stays" : "duplicates.letStay")}
        </Button>
      )}
    </div>
  );
}
