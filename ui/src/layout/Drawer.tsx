import { Dialog as Radix } from "radix-ui";

import { useT } from "@/i18n";
import { Sidebar } from "./Sidebar";

/** The sidebar as a drawer, on phones. */
export default function Drawer({ onClose }: { onClose: () => void }) {
  const t = useT();
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <div className="fixed inset-0 z-40 bg-scrim" aria-hidden />
        <Radix.Content
          aria-describedby={undefined}
          className="animate-slide-in fixed inset-y-0 left-0 z-50 grid w-72 max-w-[85vw] shadow-float outline-none"
        >
          <Radix.Title className="sr-only">{t("nav.menu")}</Radix.Title>
          <Sidebar onGo={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
