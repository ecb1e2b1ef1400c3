import { Download } from "lucide-react";

import { EXPORT_FORMATS, type ExportFormat } from "@/api/dataProvider";
import { Button } from "@/components/ui/Button";
import { Popover } from "@/components/ui/Popover";
import { useT } from "@/i18n";

/** The formats in which the list is had as a file, each a download of its own. */
export function ExportMenu({ hrefOf }: { hrefOf: (format: ExportFormat) => string }) {
  const t = useT();
  return (
    <Popover
      label={t("list.export")}
      className="w-auto min-w-40 p-1"
      trigger={
        <Button className="phone:hidden">
          <Download />
          {t("list.export")}
        </Button>
      }
    >
      <ul>
        {EXPORT_FORMATS.map((format) => (
          <li key={format}>
            <a
              download
              href={hrefOf(format)}
              className="flex h-8 items-center rounded-md px-2 hover:bg-hover focus-visible:bg-hover"
            >
              {t(`list.exportAs.${format}`)}
            </a>
          </li>
        ))}
      </ul>
    </Popover>
  );
}
