import type { Mailbox, MailboxProof, MailboxSecurity } from "@/api/types";
import type { Refusal } from "@/components/admin/refusal";
import { Field, Input, Select } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { needsSecret, PROOFS, SECURITIES, withSecurity, type MailboxForm } from "./mailboxModel";

interface ConnectionFieldsProps {
  form: MailboxForm;
  /** The mailbox that is kept. */
  mailbox?: Mailbox;
  refusal: Refusal;
  onChange: (form: MailboxForm) => void;
}

/** Where the mailbox is, and what proves that it is ours. */
export function ConnectionFields(props: ConnectionFieldsProps) {
  const { form, refusal, onChange } = props;
  const t = useT();
  return (
    <>
      <div className="grid grid-cols-[minmax(0,1fr)_6rem_10rem] gap-3 phone:grid-cols-1">
        <Field label={t("mailboxes.host")} error={refusal.of("host")}>
          {(field) => (
            <Input
              {...field}
              required
              maxLength={253}
              autoComplete="off"
              placeholder="imap.example.com"
              value={form.host}
              onChange={(event) => onChange({ ...form, host: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("mailboxes.port")} error={refusal.of("port")}>
          {(field) => (
            <Input
              {...field}
              required
              inputMode="numeric"
              pattern="[0-9]{1,5}"
              autoComplete="off"
              value={form.port}
              onChange={(event) => onChange({ ...form, port: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("mailboxes.security")} error={refusal.of("security")}>
          {(field) => (
            <Select
              {...field}
              value={form.security}
              onChange={(event) => onChange(withSecurity(form, event.target.value as MailboxSecurity))}
            >
              {SECURITIES.map((security) => (
                <option key={security} value={security}>
                  {t(`mailboxes.securityIs.${security}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)_16rem] gap-3 phone:grid-cols-1">
        <Field label={t("mailboxes.user")} error={refusal.of("user")}>
          {(field) => (
            <Input
              {...field}
              required
              maxLength={320}
              autoComplete="off"
              placeholder="name@example.com"
              value={form.user}
              onChange={(event) => onChange({ ...form, user: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("mailboxes.proof")} error={refusal.of("proof")}>
          {(field) => (
            <Select
              {...field}
              value={form.proof}
              onChange={(event) => onChange({ ...form, proof: event.target.value as MailboxProof })}
            >
              {PROOFS.map((proof) => (
                <option key={proof} value={proof}>
                  {t(`mailboxes.proofIs.${proof}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {form.proof === "refresh_token" && <RefreshFields {...props} />}
      {form.proof !== "refresh_token" && <SecretField {...props} name={form.proof} isNeeded />}
    </>
  );
}

/** What a refresh token needs beside itself. */
function RefreshFields(props: ConnectionFieldsProps) {
  const { form, refusal, onChange } = props;
  const t = useT();
  return (
    <div className="grid grid-cols-2 gap-3 phone:grid-cols-1">
      <Field
        label={t("mailboxes.tokenEndpoint")}
        error={refusal.of("token_endpoint")}
        className="col-span-full"
      >
        {(field) => (
          <Input
            {...field}
            required
            type="url"
            maxLength={2000}
            autoComplete="off"
            placeholder="https://"
            value={form.tokenEndpoint}
            onChange={(event) => onChange({ ...form, tokenEndpoint: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("mailboxes.clientId")} error={refusal.of("client_id")}>
        {(field) => (
          <Input
            {...field}
            required
            maxLength={2000}
            autoComplete="off"
            value={form.clientId}
            onChange={(event) => onChange({ ...form, clientId: event.target.value })}
          />
        )}
      </Field>
      <SecretField {...props} name="client_secret" />
      <div className="col-span-full">
        <SecretField {...props} name="refresh_token" isNeeded />
      </div>
    </div>
  );
}

interface SecretFieldProps extends ConnectionFieldsProps {
  name: keyof MailboxForm["secrets"];
  isNeeded?: boolean;
}

/** A secret, which is not shown again; left empty, the one that is kept stays. */
function SecretField({ form, mailbox, refusal, onChange, name, isNeeded = false }: SecretFieldProps) {
  const t = useT();
  const isMissing = isNeeded && needsSecret(form, mailbox);
  const isKept = mailbox !== undefined && !needsSecret(form, mailbox);
  const hint = isKept
    ? t("mailboxes.secretKept")
    : name === "password"
      ? t("mailboxes.passwordHint")
      : undefined;
  return (
    <Field label={t(`mailboxes.secret.${name}`)} {...(hint ? { hint } : {})} error={refusal.of(name)}>
      {(field) => (
        <Input
          {...field}
          type="password"
          required={isMissing}
          maxLength={10_000}
          autoComplete="new-password"
          value={form.secrets[name]}
          onChange={(event) =>
            onChange({ ...form, secrets: { ...form.secrets, [name]: event.target.value } })
          }
        />
      )}
    </Field>
  );
}
