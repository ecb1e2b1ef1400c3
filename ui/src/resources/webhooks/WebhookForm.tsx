import { useState } from "react";

import type { Webhook, WebhookEventType, WebhookInput } from "@/api/types";
import { refusalOf } from "@/components/admin/refusal";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { TypePicker } from "./TypePicker";

interface WebhookFormProps {
  /** What is changed; none where a new one is made. */
  webhook?: Webhook;
  /** The types that there are. */
  types: WebhookEventType[];
  isSaving: boolean;
  error: Error | null;
  onSave: (input: WebhookInput) => void;
  onClose: () => void;
}

/** Where events go, and which. */
export function WebhookForm({ webhook, types, isSaving, error, onSave, onClose }: WebhookFormProps) {
  const t = useT();
  const [url, setUrl] = useState(webhook?.url ?? "");
  const [description, setDescription] = useState(webhook?.description ?? "");
  const [chosen, setChosen] = useState<WebhookEventType[]>(webhook?.types ?? []);
  const [withImports, setWithImports] = useState(webhook?.with_imports ?? false);
  const refusal = refusalOf(error);
  const urlError = refusal.of("url");
  const descriptionError = refusal.of("description");
  const rest = refusal.rest();
  const save = () => onSave({ url, description, types: chosen, with_imports: withImports });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(webhook ? "webhooks.edit" : "webhooks.add")}
      className="max-w-2xl"
    >
      <form
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
        onSubmit={(event) => (event.preventDefault(), save())}
      >
        <Field label={t("webhooks.address")} hint={t("webhooks.addressHint")} error={urlError}>
          {(props) => (
            <Input
              {...props}
              required
              type="url"
              maxLength={2000}
              autoComplete="off"
              placeholder="https://"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          )}
        </Field>
        <Field label={t("webhooks.description")} error={descriptionError}>
          {(props) => (
            <Input
              {...props}
              maxLength={200}
              autoComplete="off"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
          )}
        </Field>
        <TypePicker types={types} chosen={chosen} onChange={setChosen} />
        <div className="grid gap-1">
          <label className="flex items-center gap-2">
            <Checkbox
              aria-label={t("webhooks.withImports")}
              checked={withImports}
              onCheckedChange={(isOn) => setWithImports(isOn === true)}
            />
            {t("webhooks.withImports")}
          </label>
          <p className="text-xs text-ink-2">{t("webhooks.withImportsHint")}</p>
        </div>
        {rest && (
          <p role="alert" className="text-bad">
            {rest}
          </p>
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={chosen.length === 0 || isSaving}>
            {t(webhook ? "webhooks.save" : "webhooks.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
