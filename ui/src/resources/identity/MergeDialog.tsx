import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { ContactProfile, Reference } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { RecordPicker } from "@/components/admin/RecordPicker";
import { Skeleton } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { Refusal } from "@/resources/access/Refusal";
import { stayingSide } from "@/resources/duplicates/queueModel";
import { TextField } from "@/resources/pickers/fields";
import type { Side } from "./mergeModel";
import { MergePreview, sideOf } from "./MergePreview";
import { useMerge } from "./useMerge";
import { useMergePreview } from "./useMergePreview";

interface MergeDialogProps {
  first: Reference;
  /** Null where it is still to be chosen. */
  second: Reference | null;
  onMerged: (merge: { stays: Reference; goes: Reference }) => void;
  onClose: () => void;
}

/** Two contacts side by side, which of them stays, and what comes of each field. */
export default function MergeDialog({ first, second, onMerged, onClose }: MergeDialogProps) {
  const t = useT();
  const [other, setOther] = useState(second);
  const [chosen, setChosen] = useState<Side | null>(null);
  const [reason, setReason] = useState("");
  const isSame = other?.id === first.id;
  const left = useProfile(first.id);
  const right = useProfile(isSame ? undefined : other?.id);
  const sides = left.data && right.data && { left: sideOf(left.data), right: sideOf(right.data) };
  const stays = chosen ?? (sides && stayingSide(sides)) ?? "left";
  const merge = useMerge((done) => (onClose(), onMerged(done)));
  const of = { left: left.data?.contact, right: right.data?.contact };
  const [staying, going] = stays === "left" ? [of.left, of.right] : [of.right, of.left];
  const told = useMergePreview(staying?.id, going?.id);

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("identity.mergeTitle")}
      description={t("identity.mergeHint")}
      className="max-w-3xl"
    >
      <form
        className="scrollbar-thin grid min-h-72 auto-rows-max grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto p-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (staying && going) merge.mutate({ stays: staying, goes: going, reason });
        }}
      >
        {second === null && (
          <Field label={t("identity.other")} error={isSame ? t("identity.itself") : undefined}>
            {(props) => (
              <RecordPicker
                {...props}
                kind="contact"
                value={other}
                onChange={(next) => (setOther(next), setChosen(null))}
                autoFocus
              />
            )}
          </Field>
        )}
        {other && !isSame && !(left.data && right.data) && !left.error && !right.error && (
          <div role="status" aria-label={t("common.loading")}>
            <Skeleton className="w-2/3" />
          </div>
        )}
        <Refusal error={left.error ?? right.error} />
        {left.data && right.data && (
          <>
            <MergePreview left={left.data} right={right.data} stays={stays} onStay={setChosen} told={told} />
            <TextField label={t("identity.reason")} value={reason} onChange={setReason} />
          </>
        )}
        <Refusal error={merge.error} />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            variant="primary"
            className="max-w-full"
            disabled={!staying || !going || merge.isPending}
          >
            <span className="truncate">
              {staying && going ? t("identity.mergeAction", { name: staying.name }) : t("identity.merge")}
            </span>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useProfile(id: string | undefined) {
  const data = useData();
  return useQuery<ContactProfile>({
    queryKey: keys.profile(id ?? ""),
    queryFn: () => data.profile(id!),
    enabled: id !== undefined,
  });
}
