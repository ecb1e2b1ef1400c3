import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";

interface NewSourceProps {
  onMade: (id: string) => void;
  onClose: () => void;
}

/** Asks for the name of a new source; a known name opens the source that bears it. */
export function NewSource({ onMade, onClose }: NewSourceProps) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const add = useMutation({
    mutationFn: () => data.createSource(name),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: keys.sources });
      onMade(id);
    },
  });
  return (
    <Dialog open onOpenChange={onClose} title={t("sources.add")} description={t("sources.addHint")}>
      <form className="grid gap-4 p-5" onSubmit={(event) => (event.preventDefault(), add.mutate())}>
        <Field label={t("sources.name")} error={add.error ? messageOf(add.error) : undefined}>
          {(props) => (
            <Input
              {...props}
              required
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={add.isPending}>
            {t("common.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
