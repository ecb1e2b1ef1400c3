import { useMemo, useRef, useState } from "react";

import type { MatchPair, MatchVerdict } from "@/api/types";
import { Badge } from "@/components/ui/bits";
import { useFormats, useT } from "@/i18n";
import { useHotkeys } from "@/layout/hotkeys";
import { useIsPhone } from "@/layout/useIsPhone";
import { useMayMerge } from "@/resources/identity/useMayMerge";
import { DecisionBar } from "./DecisionBar";
import { EvidenceCards } from "./EvidenceCards";
import { EvidenceTable } from "./EvidenceTable";
import { otherSide, stayingSide, type Side } from "./queueModel";
import { SideHead } from "./SideHead";
import { useLikelihood } from "./useLikelihood";
import { waterfallOf } from "./waterfall";

interface PairViewProps {
  pair: MatchPair;
  canUndo: boolean;
  onDecide: (pair: MatchPair, verdict: MatchVerdict, stays: Side, reason: string) => void;
  onSkip: () => void;
  onUndo: () => void;
}

/** The pair at hand: how sure it is and why, which of the two would stay, what would happen, and the answer. */
export function PairView({ pair, canUndo, onDecide, onSkip, onUndo }: PairViewProps) {
  const t = useT();
  const formats = useFormats();
  const isPhone = useIsPhone();
  const may = useMayMerge();
  const [stays, setStays] = useState<Side>(() => stayingSide(pair));
  const [reason, setReason] = useState("");
  const reasonField = useRef<HTMLInputElement>(null);
  const likelihood = useLikelihood()(pair);
  const fall = useMemo(() => waterfallOf(pair), [pair]);
  const decide = (verdict: MatchVerdict) => onDecide(pair, verdict, stays, reason);
  const mayDo = {
    same: may.merge ? () => decide("same") : undefined,
    different: may.decide ? () => decide("different") : undefined,
  };
  useHotkeys({
    ...(mayDo.same ? { y: mayDo.same, "1": () => setStays("left"), "2": () => setStays("right") } : {}),
    ...(mayDo.different ? { n: mayDo.different, r: () => reasonField.current?.focus() } : {}),
  });

  const head = (side: Side) => (
    <SideHead
      side={pair[side]}
      number={side === "left" ? 1 : 2}
      isStaying={stays === side}
      onStay={may.merge ? () => setStays(side) : undefined}
    />
  );
  const total = (read: "n_identities" | "n_orders") => pair.left[read] + pair.right[read];
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto]">
      <div tabIndex={0} className="scrollbar-thin min-h-0 overflow-y-auto p-4 outline-none">
        <div className="mx-auto grid max-w-5xl grid-cols-[minmax(0,1fr)] gap-3">
          <div>
            <h2 className="flex flex-wrap items-center gap-x-2 gap-y-1 text-base font-semibold">
              {likelihood.words}
              <Badge tone={pair.is_certain ? "accent" : "plain"}>
                {t("duplicates.probability", { percent: likelihood.percent })}
              </Badge>
            </h2>
            <p className="text-ink-2">{likelihood.wrong}</p>
          </div>
          {isPhone ? (
            <>
              <div className="grid grid-cols-2 gap-3">
                {head("left")}
                {head("right")}
              </div>
              <EvidenceCards pair={pair} fall={fall} />
            </>
          ) : (
            <EvidenceTable pair={pair} fall={fall} left={head("left")} right={head("right")} />
          )}
          {may.merge && (
            <section className="text-ink-2">
              <h3 className="text-xs font-medium">{t("duplicates.effect")}</h3>
              <p>
                {t("duplicates.effectText", {
                  stays: pair[stays].name,
                  goes: pair[otherSide(stays)].name,
                  identities: t("duplicates.nIdentities", {
                    count: total("n_identities"),
                    text: formats.number(total("n_identities")),
                  }),
                  orders: t("duplicates.nOrders", {
                    count: total("n_orders"),
                    text: formats.number(total("n_orders")),
                  }),
                })}
              </p>
            </section>
          )}
          <p className="text-xs text-ink-3">
            {t("duplicates.foundBy", {
              ago: formats.ago(pair.found_at, Date.now()),
              model: pair.model_version,
            })}
          </p>
        </div>
      </div>
      {may.decide ? (
        <DecisionBar
          reason={reason}
          onReason={setReason}
          reasonField={reasonField}
          onSame={mayDo.same}
          onDifferent={mayDo.different}
          onSkip={onSkip}
          onUndo={canUndo ? onUndo : undefined}
        />
      ) : (
        <p className="border-t px-4 py-2 text-ink-2">{t("duplicates.onlyLook")}</p>
      )}
    </div>
  );
}
