import { useEffect, useRef } from "react";

import type { MatchPair } from "@/api/types";
import { cn } from "@/components/ui/cn";
import { Button } from "@/components/ui/Button";
import { Segmented } from "@/components/ui/Segmented";
import { useT } from "@/i18n";
import type { MatchOrder } from "./queueModel";
import { useLikelihood } from "./useLikelihood";
import type { Queue } from "./useQueue";

interface PairListProps {
  queue: Queue;
  order: MatchOrder;
  onOrder: (order: MatchOrder) => void;
  onShow: (id: string) => void;
}

/** All pairs to decide, the one at hand marked. */
export function PairList({ queue, order, onOrder, onShow }: PairListProps) {
  const t = useT();
  const list = useRef<HTMLUListElement>(null);
  const currentId = queue.current?.id;
  useEffect(() => {
    list.current?.querySelector("[aria-current]")?.scrollIntoView?.({ block: "nearest" });
  }, [currentId]);
  return (
    <div className="grid h-full min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)]">
      <div className="border-b px-3 py-2">
        <Segmented
          label={t("duplicates.order")}
          value={order}
          onChange={onOrder}
          options={[
            { value: "value", label: t("duplicates.byValue") },
            { value: "certainty", label: t("duplicates.byCertainty") },
          ]}
        />
        <p className="mt-1 text-xs text-ink-3">
          {t(order === "value" ? "duplicates.byValueHint" : "duplicates.byCertaintyHint")}
        </p>
      </div>
      <div className="scrollbar-thin min-h-0 overflow-y-auto">
        <ul ref={list} aria-label={t("duplicates.queue")}>
          {queue.queue.map((pair) => (
            <li key={pair.id} className="border-b">
              <PairLine pair={pair} isCurrent={pair.id === currentId} onShow={() => onShow(pair.id)} />
            </li>
          ))}
        </ul>
        {queue.hasNextPage && (
          <div className="p-3">
            <Button size="sm" disabled={queue.isFetchingNextPage} onClick={() => void queue.fetchNextPage()}>
              {t("common.more")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

interface PairLineProps {
  pair: MatchPair;
  isCurrent: boolean;
  onShow: () => void;
}

function PairLine({ pair, isCurrent, onShow }: PairLineProps) {
  const { words, percent } = useLikelihood()(pair);
  return (
    <button
      type="button"
      aria-current={isCurrent ? "true" : undefined}
      onClick={onShow}
      className={cn(
        "grid w-full grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 px-3 py-2 text-left",
        isCurrent ? "bg-selected shadow-[inset_2px_0_0_var(--accent)]" : "hover:bg-hover",
      )}
    >
      <span className="truncate font-medium">{pair.left.name}</span>
      <span className="numeric row-span-2 self-center text-xs text-ink-2">{percent}</span>
      <span className="truncate text-ink-2">{pair.right.name}</span>
      <span className="sr-only">{words}</span>
    </button>
  );
}
