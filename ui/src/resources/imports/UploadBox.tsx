import { FileUp } from "lucide-react";
import { useRef, useState, type DragEvent } from "react";
import { toast } from "sonner";

import { messageOf } from "@/components/admin/useEdit";
import { ProgressBar } from "@/components/ui/bits";
import { Button } from "@/components/ui/Button";
import { cn } from "@/components/ui/cn";
import { Field, Input } from "@/components/ui/fields";
import { useFormats, useT } from "@/i18n";
import { useDropGuard } from "./useDropGuard";
import { useUpload } from "./useUpload";

/** Takes a file by drag or by choosing, then goes on to its mapping. */
export function UploadBox() {
  const t = useT();
  const formats = useFormats();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [source, setSource] = useState("");
  const { share, isPending, error, send, stop } = useUpload(source);
  useDropGuard();

  function take(files: File[]) {
    const [file, ...others] = files;
    if (file === undefined || isPending) return;
    // A toast outlives this page, which the upload leaves.
    if (others.length > 0) {
      toast.warning(t("imports.oneAtATime", { files: others.map(({ name }) => name).join(", ") }));
    }
    send(file);
  }

  function onDrop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  }

  return (
    <section
      aria-label={t("imports.upload")}
      onDragOver={(event) => (event.preventDefault(), setOver(true))}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
      className={cn(
        "m-4 grid grid-cols-[minmax(0,1fr)] justify-items-center gap-3 rounded-xl border border-dashed border-line-strong px-6 py-6 text-center transition-colors",
        isOver && "border-accent bg-accent-soft",
      )}
    >
      <span
        className="grid size-10 place-items-center rounded-xl bg-accent-soft text-accent-text"
        aria-hidden
      >
        <FileUp className="size-5" />
      </span>
      <div>
        <p className="font-semibold">{t("imports.drop")}</p>
        <p className="text-ink-2">{t("imports.dropHint")}</p>
      </div>
      {isPending ? (
        <div className="flex max-w-full items-center gap-3">
          <div className="grid w-64 min-w-0 gap-1.5" role="status">
            <ProgressBar share={share} label={t("imports.uploading")} />
            <span className="text-xs text-ink-2">
              {share < 1
                ? t("imports.uploadingShare", { percent: formats.percent(share) })
                : t("imports.reading")}
            </span>
          </div>
          <Button size="sm" onClick={stop}>
            {t("common.cancel")}
          </Button>
        </div>
      ) : (
        <div className="flex flex-wrap items-end justify-center gap-2">
          <Field label={t("imports.source")} className="w-48 text-left">
            {(props) => (
              <Input
                {...props}
                placeholder={t("imports.sourceExample")}
                value={source}
                onChange={(event) => setSource(event.target.value)}
              />
            )}
          </Field>
          <Button variant="primary" onClick={() => input.current?.click()}>
            {t("imports.choose")}
          </Button>
          <input
            ref={input}
            type="file"
            aria-label={t("imports.choose")}
            accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.gz,.xlsx,.xlsm,.parquet,.vcf,.vcard,.mbox,.eml,.ics,.rss,.atom,.xml,.js"
            className="sr-only"
            tabIndex={-1}
            onChange={(event) => {
              take([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
        </div>
      )}
      {error && (
        <p role="alert" className="max-w-xl rounded-md bg-bad-soft px-3 py-2 text-bad">
          {messageOf(error)}
        </p>
      )}
    </section>
  );
}
