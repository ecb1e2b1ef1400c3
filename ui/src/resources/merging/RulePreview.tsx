import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { MatchPair, SurvivorshipPatch } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { stayingSide } from "@/resources/duplicates/queueModel";
import { OPEN } from "@/resources/duplicates/useQueue";
import { MergePreview } from "@/resources/identity/MergePreview";
import { useMergePreview } from "@/resources/identity/useMergePreview";

/** What the rules, as they are chosen at present, would leave of one pair that may be one person. */
export function RulePreview({ changes }: { changes: SurvivorshipPatch | undefined }) {
  const t = useT();
  const data = useData();
  const [at, setAt] = useState(0);
  const pairs = useQuery({
    queryKey: keys.matchPairs("to try rules on"),
    queryFn: () => data.matchPairs({ filter: [OPEN], sort: "-probability" }, {}),
  }).data?.items;
  const pair = pairs?.[at % Math.max(1, pairs.length)];
  return (
    <section aria-label={t("merging.tried")} className="grid min-w-0 gap-2">
      <div className="flex flex-wrap items-end justify-between gap-2">
        <div>
          <h3 className="font-medium">{t("merging.tried")}</h3>
          <p className="text-xs text-ink-3">
            {t(pairs?.length === 0 ? "merging.noPair" : "merging.triedHint")}
          </p>
        </div>
        {pairs && pairs.length > 1 && (
          <Button size="sm" onClick={() => setAt(at + 1)}>
            {t("merging.another")}
          </Button>
        )}
      </div>
      {pair && <Tried key={pair.id} pair={pair} changes={changes} />}
    </section>
  );
}

function Tried({ pair, changes }: { pair: MatchPair; changes: SurvivorshipPatch | undefined }) {
  const data = useData();
  const stays = stayingSide(pair);
  const goes = stays === "left" ? "right" : "left";
  const told = useMergePreview(pair[stays].contact_id, pair[goes].contact_id, changes);
  const profile = (id: string) => ({ queryKey: keys.profile(id), queryFn: () => data.profile(id) });
  const left = useQuery(profile(pair.left.contact_id)).data;
  const right = useQuery(profile(pair.right.contact_id)).data;
  if (!left || !right || !told) return null;
  return <MergePreview left={left} right={right} stays={stays} told={told} />;
}
