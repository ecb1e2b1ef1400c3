import type { TFunction } from "i18next";
import { memo, type MouseEvent, type PointerEvent } from "react";

import type { Deal, Stage } from "@/api/types";
import { Avatar } from "@/components/ui/bits";
import { cn } from "@/components/ui/cn";
import type { Formats } from "@/i18n/format";
import { ageOf } from "./dealModel";

interface CardFaceProps {
  deal: Deal;
  stage: Stage;
  medianEnteredAt: string | null;
  now: number;
  t: TFunction;
  formats: Formats;
}

interface DealCardProps extends CardFaceProps {
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

/** One for all cards, of one line: many are drawn while a column scrolls. */
const MOVE_SIGN = (
  <svg aria-hidden viewBox="0 0 24 24" className="size-3.5" fill="none" stroke="currentColor" strokeWidth={2}>
    <path strokeLinecap="round" strokeLinejoin="round" d="m18 8 4 4-4 4M2 12h20M6 8l-4 4 4 4" />
  </svg>
);

/**
 * A deal on the board: the whole card leads to its page. Many are drawn while a column scrolls, so that a card
 * is a plain link, and gets from its column what the router and the languages would ask a hook for.
 */
export const DealCard = memo(function DealCard(props: DealCardProps) {
  const { deal, t, isWayIn, isLifted, isCarried, instructionsId } = props;
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
        <button
          type="button"
          aria-label={t("deals.move", { name: deal.name })}
          title={t("deals.move", { name: deal.name })}
          tabIndex={-1}
          className="absolute top-1 right-1 grid size-6 place-items-center rounded-md bg-raised text-ink-2 opacity-0 select-none group-hover:opacity-100 hover:bg-hover hover:text-ink focus-visible:opacity-100 phone:opacity-100"
          onClick={() => props.onMove(deal)}
        >
          {MOVE_SIGN}
        </button>
      )}
    </div>
  );
});

/** What stands on a card. */
export function CardFace(props: CardFaceProps) {
  const { deal, formats } = props;
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
        <AgeMark {...props} />
      </span>
    </>
  );
}

const PACES = {
  usual: "text-ink-3",
  slow: "bg-warn-soft text-warn",
  stuck: "bg-bad-soft text-bad",
};

function AgeMark({ deal, stage, medianEnteredAt, now, t, formats }: CardFaceProps) {
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
