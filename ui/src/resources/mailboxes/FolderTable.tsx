import type { MailboxFolder } from "@/api/types";
import { useFormats, useT } from "@/i18n";

/** What became of the messages of each folder: all that the server listed are read, gone, or missed. */
export function FolderTable({ folders }: { folders: MailboxFolder[] }) {
  const t = useT();
  const formats = useFormats();
  const missed = folders.flatMap(({ name, missed }) => missed.map((one) => ({ folder: name, ...one })));
  return (
    <div className="grid gap-3">
      <div className="overflow-x-auto">
        <table className="w-full text-left">
          <caption className="sr-only">{t("mailboxes.folders")}</caption>
          <thead className="text-xs text-ink-2">
            <tr>
              <th className="py-1.5 pr-3 font-medium">{t("mailboxes.folder")}</th>
              {(["seen", "read", "gone", "missed"] as const).map((name) => (
                <th key={name} className="py-1.5 pl-3 text-right font-medium">
                  {t(`mailboxes.count.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {folders.map((folder) => (
              <tr key={folder.name}>
                <td className="py-1.5 pr-3">
                  {folder.name}
                  {folder.n_times_anew > 0 && (
                    <span className="ml-2 text-xs text-ink-2">
                      {t("mailboxes.anew", { count: folder.n_times_anew })}
                    </span>
                  )}
                </td>
                {[folder.n_seen, folder.n_read, folder.n_gone, folder.n_missed].map((n, idx) => (
                  <td key={idx} className="numeric py-1.5 pl-3 text-right">
                    {formats.number(n)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {missed.length > 0 && (
        <ul aria-label={t("mailboxes.nMissed")} className="grid gap-1 text-xs text-ink-2">
          {missed.map(({ folder, uid, reason }) => (
            <li key={`${folder} ${uid}`}>{t("mailboxes.missedOne", { folder, uid, reason })}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
