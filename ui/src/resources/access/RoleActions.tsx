import { Check, Minus } from "lucide-react";
import { useId } from "react";

import type { RolePolicy } from "@/api/types";
import { Checkbox } from "@/components/ui/Checkbox";
import { useT } from "@/i18n";
import { grantOf, readsEverything } from "./accessModel";
import { GIVEN, mayGive, withAction, type GivenAction } from "./roleModel";

interface RoleActionsProps {
  policy: RolePolicy;
  onChange?: ((policy: RolePolicy) => void) | undefined;
}

/** What a role allows beside records; what it cannot be given says why. */
export function RoleActions({ policy, onChange }: RoleActionsProps) {
  const t = useT();
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <section className="grid content-start gap-2">
        <h3 className="font-medium">{t("roles.actions")}</h3>
        {GIVEN.map((action) => (
          <ActionLine key={action} action={action} policy={policy} onChange={onChange} />
        ))}
        <Said
          text={t("roles.action.manage_users")}
          isOn={policy.actions.includes("manage_users")}
          note={t("roles.onlyAdmins")}
        />
        <Said text={t("roles.action.manage_mailboxes")} isOn={policy.actions.includes("manage_mailboxes")} />
      </section>
      <section className="grid content-start gap-2">
        <h3 className="font-medium">{t("roles.follows")}</h3>
        <Said text={t("roles.followed.read_everything")} isOn={readsEverything(policy)} />
        <Said text={t("roles.followed.arrange_pipelines")} isOn={grantOf(policy, "deal").write === "all"} />
        <p className="text-xs text-ink-2">{t("roles.others")}</p>
      </section>
    </div>
  );
}

/** Actions that narrow grants rule out, each for a reason of its own. */
const NARROW = ["import_files", "define_fields", "manage_sources", "read_audit"] as const;

function ActionLine({ action, policy, onChange }: RoleActionsProps & { action: GivenAction }) {
  const t = useT();
  const id = useId();
  const text = t(`roles.action.${action}`);
  const isOn = policy.actions.includes(action);
  if (!onChange) return <Said text={text} isOn={isOn} />;
  const isOpen = mayGive(policy, action);
  const reason = isOpen ? null : NARROW.find((one) => one === action);
  return (
    <div>
      <label className="flex items-center gap-2">
        <Checkbox
          aria-label={text}
          {...(reason ? { "aria-describedby": id } : {})}
          checked={isOn}
          disabled={!isOpen}
          onCheckedChange={(next) => onChange(withAction(policy, action, next === true))}
        />
        {text}
      </label>
      {reason && (
        <p id={id} className="pl-6 text-xs text-ink-2">
          {t(`roles.needsAll.${reason}`)}
        </p>
      )}
    </div>
  );
}

function Said({ text, isOn, note }: { text: string; isOn: boolean; note?: string }) {
  const t = useT();
  const Sign = isOn ? Check : Minus;
  return (
    <div>
      <p className={isOn ? "flex items-center gap-2" : "flex items-center gap-2 text-ink-2"}>
        <Sign className={isOn ? "size-4 shrink-0 text-good" : "size-4 shrink-0 text-ink-3"} aria-hidden />
        <span className="sr-only">{t(isOn ? "roles.yes" : "roles.no")}:</span>
        <span>{text}</span>
      </p>
      {note && <p className="pl-6 text-xs text-ink-2">{note}</p>}
    </div>
  );
}
