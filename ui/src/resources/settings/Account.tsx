import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import { ApiError } from "@/api/problem";
import type { SessionUser } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { messageOf } from "@/components/admin/useEdit";
import { Button } from "@/components/ui/Button";
import { Field, Input } from "@/components/ui/fields";
import { useT } from "@/i18n";
import { useSignOut } from "@/resources/session/useSession";
import { Section } from "./Section";

const MIN_PASSWORD = 8;

export function Account({ user }: { user: SessionUser }) {
  const t = useT();
  const signOut = useSignOut();
  return (
    <>
      <Section title={t("settings.profile")} hint={`${user.email} · ${t(`role.${user.role}`)}`}>
        <NameForm user={user} />
        <Button className="justify-self-start" onClick={() => void signOut()}>
          <LogOut />
          {t("session.signOut")}
        </Button>
      </Section>
      <Section title={t("settings.password")}>
        <PasswordForm email={user.email} />
      </Section>
    </>
  );
}

function NameForm({ user }: { user: SessionUser }) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const [name, setName] = useState(user.name);
  const save = useMutation({
    mutationFn: () => data.updateMe({ name: name.trim() }),
    onSuccess: () => {
      client.setQueryData<SessionUser | null>(
        keys.session,
        (known) => known && { ...known, name: name.trim() },
      );
      toast.success(t("edit.saved", { what: t("settings.name") }));
    },
    onError: (error) => toast.error(t("edit.failed"), { description: messageOf(error) }),
  });
  return (
    <form className="flex items-end gap-2" onSubmit={(event) => (event.preventDefault(), save.mutate())}>
      <Field label={t("settings.name")} className="max-w-sm flex-1">
        {(props) => (
          <Input
            {...props}
            required
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" disabled={name.trim() === user.name || save.isPending}>
        {t("common.save")}
      </Button>
    </form>
  );
}

function PasswordForm({ email }: { email: string }) {
  const t = useT();
  const data = useData();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useMutation({
    mutationFn: () => data.changePassword(current, next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      toast.success(t("settings.passwordChanged"));
    },
  });
  const isAboutNew = change.error instanceof ApiError && change.error.violations[0]?.pointer === "/new";
  const refusal = change.error ? messageOf(change.error) : undefined;
  return (
    <form className="grid max-w-sm gap-3" onSubmit={(event) => (event.preventDefault(), change.mutate())}>
      {/* Password managers look for the name that the password belongs to. */}
      <input
        type="text"
        name="username"
        aria-label={t("session.email")}
        autoComplete="username"
        value={email}
        readOnly
        hidden
      />
      <Field label={t("settings.currentPassword")} error={isAboutNew ? undefined : refusal}>
        {(props) => (
          <Input
            {...props}
            type="password"
            required
            autoComplete="current-password"
            value={current}
            onChange={(event) => setCurrent(event.target.value)}
          />
        )}
      </Field>
      <Field
        label={t("settings.newPassword")}
        hint={t("settings.passwordHint", { count: MIN_PASSWORD })}
        error={isAboutNew ? refusal : undefined}
      >
        {(props) => (
          <Input
            {...props}
            type="password"
            required
            minLength={MIN_PASSWORD}
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit" className="justify-self-start" disabled={change.isPending}>
        {t("settings.changePassword")}
      </Button>
    </form>
  );
}
