import { Dialog } from "@/components/ui/Dialog";
import { Kbd } from "@/components/ui/bits";
import { useT } from "@/i18n";
import { PLACES } from "./navigation";
import { pageShortcuts } from "./pageShortcuts";
import { isMac } from "./Sidebar";

export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const t = useT();
  const here = pageShortcuts();
  const lists = [
    ["j k ↓ ↑", t("shortcuts.move")],
    ["Enter", t("shortcuts.open")],
    ["x", t("shortcuts.select")],
    ["e", t("shortcuts.edit")],
    ["/", t("shortcuts.search")],
    ["Esc", t("shortcuts.clear")],
  ];
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("shortcuts.title")}
      description={t("shortcuts.hint")}
      className="max-w-2xl"
    >
      <div
        className="scrollbar-thin grid gap-x-10 gap-y-1 overflow-y-auto px-5 py-4 sm:grid-cols-2"
        tabIndex={0}
      >
        <Group
          title={t("shortcuts.go")}
          rows={[
            [isMac ? "⌘ K" : "Ctrl K", t("palette.open")],
            [isMac ? "⌘ Z" : "Ctrl Z", t("shortcuts.undo")],
            ["?", t("shortcuts.title")],
            ...PLACES.map(({ key, letter }) => [`g ${letter}`, t(`nav.${key}`)]),
          ]}
        />
        <div className="grid content-start gap-y-3">
          {here && <Group title={here.title} rows={here.rows} />}
          <Group title={t("shortcuts.lists")} rows={lists} />
        </div>
      </div>
    </Dialog>
  );
}

function Group({ title, rows }: { title: string; rows: string[][] }) {
  return (
    <section>
      <h3 className="pb-1 text-xs text-ink-3">{title}</h3>
      <dl>
        {rows.map(([keys, text]) => (
          <div key={keys} className="flex h-8 items-center justify-between border-b last:border-0">
            <dt className="order-2 flex gap-1">
              {keys?.split(" ").map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
