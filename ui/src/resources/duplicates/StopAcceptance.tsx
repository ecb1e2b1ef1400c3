import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { Button } from "@/components/ui/Button";
import { useT } from "@/i18n";
import { messageOf } from "@/i18n/problems";

/** Stops a merge of many pairs; what is merged by then stays, and can be taken back. */
export function StopAcceptance({ id }: { id: string }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const stop = useMutation({
    mutationFn: () => data.cancelMatchAcceptance(id),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: keys.matchAcceptance(id) }),
        client.invalidateQueries({ queryKey: keys.matchAcceptances }),
      ]),
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return (
    <Button size="sm" disabled={stop.isPending || stop.isSuccess} onClick={() => stop.mutate()}>
      {t("duplicates.stop")}
    </Button>
  );
}
