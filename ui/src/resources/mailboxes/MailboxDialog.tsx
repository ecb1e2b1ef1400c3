import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import { useData } from "@/api/context";
import type { Mailbox, MailboxCheck, MailboxInput, MailboxPatch } from "@/api/types";
import { refusalOf, type Refusal } from "@/components/admin/refusal";
import { Button } from "@/components/ui/Button";
import { Checkbox } from "@/components/ui/Checkbox";
import { Dialog } from "@/components/ui/Dialog";
import { Field, Input, Select } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { ConnectionFields } from "./ConnectionFields";
import {
  checkOf,
  EVERY,
  foldersOf,
  formOf,
  inputOf,
  patchOf,
  withFolder,
  type MailboxForm,
} from "./mailboxModel";
import { useFailureText } from "./useFailureText";

interface MailboxDialogProps {
  /** What is changed; none where a new one is added. */
  mailbox?: Mailbox;
  isSaving: boolean;
  error: Error | null;
  onMake?: (input: MailboxInput) => void;
  onChange?: (patch: MailboxPatch) => void;
  onClose: () => void;
}

/** Where a mailbox is, what proves it, and how it is read. It can be tried before it is saved. */
export function MailboxDialog({ mailbox, isSaving, error, onMake, onChange, onClose }: MailboxDialogProps) {
  const t = useT();
  const data = useData();
  const [form, setForm] = useState(() => formOf(mailbox));
  const check = useMutation({ mutationFn: () => data.checkMailbox(checkOf(form, mailbox)) });
  const change = (next: MailboxForm) => setForm(next);
  // The latest refusal counts, be it of saving or of trying.
  const refusal = refusalOf(error ?? check.error);
  const nameError = refusal.of("name");
  const save = () => {
    onMake?.(inputOf(form));
    onChange?.(patchOf(form));
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t(mailbox ? "mailboxes.edit" : "mailboxes.add")}
      className="max-w-2xl"
    >
      <form
        className="scrollbar-thin grid gap-4 overflow-y-auto p-5"
        onSubmit={(event) => (event.preventDefault(), save())}
      >
        {!mailbox && (
          <Field label={t("mailboxes.name")} hint={t("mailboxes.nameHint")} error={nameError}>
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                autoComplete="off"
                value={form.name}
                onChange={(event) => change({ ...form, name: event.target.value })}
              />
            )}
          </Field>
        )}
        <ConnectionFields form={form} {...(mailbox ? { mailbox } : {})} refusal={refusal} onChange={change} />
        <div className="grid gap-2">
          <div>
            <Button disabled={check.isPending} onClick={() => check.mutate()}>
              {t(check.isPending ? "mailboxes.checking" : "mailboxes.check")}
            </Button>
          </div>
          {check.data && <Checked found={check.data} />}
        </div>
        <Reading form={form} found={check.data?.folders ?? []} refusal={refusal} onChange={change} />
        <Rest refusal={refusal} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" variant="primary" disabled={form.folders.length === 0 || isSaving}>
            {t(mailbox ? "mailboxes.save" : "mailboxes.make")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What came of trying. */
function Checked({ found }: { found: MailboxCheck }) {
  const t = useT();
  const formats = useFormats();
  const failureText = useFailureText();
  if (found.failure) {
    return (
      <p role="alert" className="rounded-md bg-bad-soft px-3 py-2 text-bad">
        {failureText(found.failure)}
      </p>
    );
  }
  const n = found.folders.length;
  return (
    <p role="status" className="rounded-md bg-good-soft px-3 py-2 text-good">
      {t("mailboxes.checked", { count: n, text: formats.number(n) })}
    </p>
  );
}

/** What no field has said. */
function Rest({ refusal }: { refusal: Refusal }) {
  const rest = refusal.rest();
  if (!rest) return null;
  return (
    <p role="alert" className="text-bad">
      {rest}
    </p>
  );
}

interface ReadingProps {
  form: MailboxForm;
  /** The folders that the server has told of. */
  found: string[];
  refusal: Refusal;
  onChange: (form: MailboxForm) => void;
}

/** What is read, how often, and what becomes of strangers. */
function Reading({ form, found, refusal, onChange }: ReadingProps) {
  const t = useT();
  const foldersError = refusal.of("folders");
  return (
    <>
      <fieldset className="grid gap-1.5">
        <legend className="mb-1 text-xs font-medium text-ink-2">{t("mailboxes.folders")}</legend>
        <div className="grid max-h-40 grid-cols-2 gap-1.5 overflow-y-auto phone:grid-cols-1">
          {foldersOf(form, found).map((folder) => (
            <label key={folder} className="flex min-w-0 items-center gap-2">
              <Checkbox
                aria-label={folder}
                checked={form.folders.includes(folder)}
                onCheckedChange={(isOn) => onChange(withFolder(form, folder, isOn === true))}
              />
              <span className="truncate">{folder}</span>
            </label>
          ))}
        </div>
        <p className={foldersError ? "text-xs text-bad" : "text-xs text-ink-3"}>
          {foldersError ?? t("mailboxes.foldersHint")}
        </p>
      </fieldset>
      <Field label={t("mailboxes.every")} error={refusal.of("every_minutes")} className="w-64">
        {(props) => (
          <Select
            {...props}
            value={form.every ?? ""}
            onChange={({ target: { value } }) =>
              onChange({ ...form, every: value === "" ? null : Number(value) })
            }
          >
            {[...new Set([...EVERY, form.every])].map((minutes) => (
              <option key={minutes} value={minutes ?? ""}>
                {everyText(t, minutes)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <div className="grid gap-1">
        <label className="flex items-center gap-2">
          <Checkbox
            aria-label={t("mailboxes.makesContacts")}
            checked={form.makesContacts}
            onCheckedChange={(isOn) => onChange({ ...form, makesContacts: isOn === true })}
          />
          {t("mailboxes.makesContacts")}
        </label>
        <p className="text-xs text-ink-2">{t("mailboxes.makesContactsHint")}</p>
      </div>
    </>
  );
}

function everyText(t: ReturnType<typeof useT>, minutes: number | null): string {
  if (minutes === null) return t("mailboxes.everyIs.off");
  if (minutes === 1_440) return t("mailboxes.everyIs.day");
  return minutes % 60 === 0
    ? t("mailboxes.everyIs.hours", { count: minutes / 60 })
    : t("mailboxes.everyIs.minutes", { count: minutes });
}
