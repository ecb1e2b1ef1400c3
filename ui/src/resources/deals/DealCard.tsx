import { MoveHorizontal } from "lucide-react";
import { memo, type MouseEvent, type PointerEvent } from "react";

import type { Deal, Stage } from "@/api/types";
import { Avatar } from "@/components/ui/bits";
import { IconButton } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { useFormats, useT } from "@/i18n";
import { ageOf } from "./dealModel";

interface DealCardProps {
  deal: Deal;
  stage: Stage;
  medianEnteredAt: string | null;
  now: number;
  /** Whether Tab leads here. */
  isWayIn: boolean;
  isLifted: boolean;
  /** Whether the pointer carries it. */
  isCarried: boolean;
  /** Of the text that says how a card is moved; null for who may not. */
  instructionsId: string | null;
  onPointerDown: (event: PointerEvent<HTMLElement>, deal: Deal) => void;
  onFocus: (id: string) => void;
  onOpen: (id: string) => void;
  onMove: (deal: Deal) => void;
}

/** A click that opens here; with a key held it opens a tab, which is the browser's to do. */
const isPlainClick = ({ ctrlKey, metaKey, shiftKey, altKey }: MouseEvent) =>
  !(ctrlKey || metaKey || shiftKey || altKey);

/**
 * A deal on the board: the whole card leads to its page. It is a plain link, because the router's own takes
 * most of the time in which cards are drawn while a column scrolls.
 */
export const DealCard = memo(function DealCard(props: DealCardProps) {
  const { deal, isWayIn, isLifted, isCarried, instructionsId } = props;
  const t = useT();
  const mayMove = instructionsId !== null;
  return (
    <div className="group relative h-full">
      <a
        href={`/deals/${deal.id}`}
        onClick={(event) => {
          if (!isPlainClick(event)) return;
          event.preventDefault();
          props.onOpen(deal.id);
        }}
        data-deal-id={deal.id}
        draggable={false}
        tabIndex={isWayIn ? 0 : -1}
        {...(mayMove ? { "aria-roledescription": t("deals.card"), "aria-describedby": instructionsId } : {})}
        onFocus={() => props.onFocus(deal.id)}
        onPointerDown={(event) => mayMove && props.onPointerDown(event, deal)}
        className={cn(
          "block h-full rounded-lg border bg-raised px-3 py-2 select-none hover:border-line-strong",
          mayMove && "cursor-grab",
          isLifted && "border-accent shadow-float",
          isCarried && "opacity-40",
        )}
      >
        <CardFace {...props} />
      </a>
      {mayMove && (
        <IconButton
          label={t("deals.move", { name: deal.name })}
          tabIndex={-1}
          className="absolute top-1 right-1 size-6 bg-raised opacity-0 group-hover:opacity-100 focus-visible:opacity-100 phone:opacity-100 [&_svg]:size-3.5"
          onClick={() => props.onMove(deal)}
        >
          <MoveHorizontal />
        </IconButton>
      )}
    </div>
  );
});

type CardFaceProps = Pick<DealCardProps, "deal" | "stage" | "medianEnteredAt" | "now">;

/** What stands on a card. */
export function CardFace({ deal, stage, medianEnteredAt, now }: CardFaceProps) {
  const formats = useFormats();
  const customer = deal.company ?? deal.contact;
  return (
    <>
      <span className="block truncate pr-5 font-medium">{deal.name}</span>
      <span className="numeric flex h-5 items-center gap-1.5 text-ink-2">
        {deal.amount ? formats.money(deal.amount, "whole") : "—"}
        {customer && <span className="truncate text-xs text-ink-3">{customer.name}</span>}
      </span>
      <span className="mt-1 flex h-5 items-center gap-1.5">
        {deal.owner && (
          <>
            <Avatar name={deal.owner.name} />
            <span className="truncate text-xs text-ink-2">{deal.owner.name}</span>
          </>
        )}
        <AgeMark deal={deal} stage={stage} medianEnteredAt={medianEnteredAt} now={now} />
      </span>
    </>
  );
}

const PACES = {
  usual: "text-ink-3",
  slow: "bg-warn-soft text-warn",
  stuck: "bg-bad-soft text-bad",
};

function AgeMark({ deal, stage, medianEnteredAt, now }: CardFaceProps) {
  const t = useT();
  const formats = useFormats();
  const age = ageOf(deal, stage, medianEnteredAt, now);
  if (age === null) return null;
  const inDays = (n: number) => t("deals.days", { count: n, text: formats.number(n) });
  const explained =
    age.medianDays === null
      ? inDays(age.days)
      : t("deals.ageOf", { days: inDays(age.days), median: inDays(Math.max(1, age.medianDays)) });
  return (
    <span
      title={explained}
      className={cn("numeric ml-auto shrink-0 rounded px-1 text-2xs font-medium", PACES[age.pace])}
    >
      <span aria-hidden>{t("deals.daysShort", { text: formats.number(age.days) })}</span>
      <span className="sr-only">{explained}</span>
    </span>
  );
}
