import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { useData } from "@/api/context";
import type { EditResource, ListRecords, Patches } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { useT } from "@/i18n";
import { OBJECT_OF } from "@/resources/custom/customModel";
import { useCustomInputs } from "@/resources/custom/useCustomInputs";
import { useFieldState } from "@/resources/session/useFieldState";
import { keys } from "./caches";
import { refusalOf } from "./refusal";

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

/** The dialog in which a record is made: its fields, the company's own, what the server refuses, and the way out. */
export function CreateDialog<R extends EditResource>(props: CreateDialogProps<R>) {
  const { resource, onClose } = props;
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const custom = useCustomInputs(OBJECT_OF[resource]);
  const stateOf = useFieldState(OBJECT_OF[resource]);
  // What is not in the form is not sent either: the server takes its own defaults.
  const settable = (values: Patches[R]): Patches[R] =>
    Object.fromEntries(Object.entries(values).filter(([field]) => stateOf(field) === "edit"));
  const create = useMutation({
    mutationFn: () => data.create(resource, { ...settable(props.values()), ...custom.values() }),
    onSuccess: async (record) => {
      void client.invalidateQueries({ queryKey: keys.list(resource) });
      await props.onCreated(record);
    },
  });
  const refusal = refusalOf(create.error);
  const fields = props.children(refusal.of);
  const customFields = custom.inputs(refusal.of);
  const rest = refusal.rest();

  return (
    <Dialog open onOpenChange={onClose} title={props.title}>
      <form
        onSubmit={(event) => (event.preventDefault(), create.mutate())}
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
      >
        {fields}
        {customFields}
        {rest && (
          <p role="alert" className="text-bad">
            {rest}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            type="submit"
            variant="primary"
            disabled={create.isPending || props.isWrong === true || custom.isWrong}
          >
            {props.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
