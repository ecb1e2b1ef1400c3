import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { useData } from "@/api/context";
import type { EditResource, ListRecords, Patches } from "@/api/dataProvider";
import { ApiError } from "@/api/problem";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { keys } from "./caches";
import { messageOf } from "./useEdit";

interface CreateDialogProps<R extends EditResource> {
  resource: R;
  title: string;
  submit: string;
  /** What is sent. */
  values: () => Patches[R];
  /** Something typed means nothing; the field says so itself. */
  isWrong?: boolean;
  onCreated: (record: ListRecords[R]) => void | Promise<void>;
  onClose: () => void;
  /** The fields; `errorOf` answers what the server says against a field. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
}

/** The dialog in which a record is made: fields, what the server refuses, and the way out. */
export function CreateDialog<R extends EditResource>(props: CreateDialogProps<R>) {
  const { resource, onClose } = props;
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const create = useMutation({
    mutationFn: () => data.create(resource, props.values()),
    onSuccess: async (record) => {
      void client.invalidateQueries({ queryKey: keys.list(resource) });
      await props.onCreated(record);
    },
  });
  const violations = create.error instanceof ApiError ? create.error.violations : [];
  const shown = new Set<object>();
  const errorOf = (field: string) => {
    // A reference is blamed by its part: "/subject/id".
    const violation = violations.find(({ pointer }) => `${pointer}/`.includes(`/${field}/`));
    if (violation) shown.add(violation);
    return violation && problemText(violation);
  };
  const fields = props.children(errorOf);
  // What no field of this form is about is said below them.
  const rest = violations.find((violation) => !shown.has(violation));
  const refusal = rest ? problemText(rest) : create.error && !shown.size && messageOf(create.error);

  return (
    <Dialog open onOpenChange={onClose} title={props.title}>
      <form
        onSubmit={(event) => (event.preventDefault(), create.mutate())}
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
      >
        {fields}
        {refusal && (
          <p role="alert" className="text-bad">
            {refusal}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={create.isPending || props.isWrong === true}>
            {props.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
