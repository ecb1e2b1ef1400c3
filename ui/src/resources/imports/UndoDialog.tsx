import { useQuery } from "@tanstack/react-query";

import { useData } from "@/api/context";
import type { Import, ImportEffect } from "@/api/types";
import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState } from "@/components/ui/StateView";
import { useFormats, useT } from "@/i18n";

interface UndoDialogProps {
  one: Import;
  isPending: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Says what will be deleted and restored, and asks whether to go ahead. */
export function UndoDialog({ one, isPending, onConfirm, onClose }: UndoDialogProps) {
  const t = useT();
  const data = useData();
  const {
    data: effects,
    error,
    refetch,
  } = useQuery({
    queryKey: ["import-effects", one.id, one.status],
    queryFn: () => data.importEffects(one.id),
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("undoImport.title")} description={t("undoImport.effect")}>
      <div className="scrollbar-thin grid gap-4 overflow-y-auto p-5">
        {error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : effects ? (
          <Effects effects={effects} />
        ) : (
          <Skeleton className="w-1/2" />
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button variant="danger" disabled={!effects || isPending} onClick={onConfirm}>
            {t("undoImport.confirm")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function Effects({ effects }: { effects: ImportEffect[] }) {
  const t = useT();
  if (effects.length === 0) return <p>{t("undoImport.nothing")}</p>;
  return (
    <>
      <Counts title={t("undoImport.made")} effects={effects} countOf={({ n_made }) => n_made} />
      <Counts title={t("undoImport.changed")} effects={effects} countOf={({ n_changed }) => n_changed} />
    </>
  );
}

interface CountsProps {
  title: string;
  effects: ImportEffect[];
  countOf: (effect: ImportEffect) => number;
}

function Counts({ title, effects, countOf }: CountsProps) {
  const t = useT();
  const formats = useFormats();
  const touched = effects.filter((effect) => countOf(effect) > 0);
  if (touched.length === 0) return null;
  return (
    <section>
      <h3 className="font-semibold">{title}</h3>
      <dl className="numeric grid grid-cols-[1fr_auto] gap-x-4">
        {touched.map((effect) => (
          <div key={effect.kind} className="contents">
            <dt>{t(`undoImport.kind.${effect.kind}`)}</dt>
            <dd className="text-right">{formats.number(countOf(effect))}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
