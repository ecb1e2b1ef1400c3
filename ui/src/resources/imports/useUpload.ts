import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { toast } from "sonner";

import { useData } from "@/api/context";
import type { Import } from "@/api/types";
import { keys } from "@/components/admin/caches";
import { useT } from "@/i18n";

/** Sends a file and goes on to its mapping; who has left the page meanwhile is only told. */
export function useUpload(source: string) {
  const t = useT();
  const data = useData();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [share, setShare] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => void (isHere.current = false);
  }, []);
  const open = ({ id }: Import) => void navigate({ to: "/imports/$id", params: { id } });

  const upload = useMutation({
    mutationFn: (file: File) => {
      const controller = (stop.current = new AbortController());
      setShare(0);
      return data.upload(file, source.trim() || sourceOf(file.name), setShare, controller.signal);
    },
    onSuccess: (created) => {
      client.setQueryData(keys.record("imports", created.id), created);
      void client.invalidateQueries({ queryKey: keys.list("imports") });
      if (!isHere.current) {
        toast(t("imports.uploaded", { name: created.file_name }), {
          action: { label: t("imports.open"), onClick: () => open(created) },
        });
      }
    },
  });
  const isStopped = upload.error instanceof DOMException && upload.error.name === "AbortError";
  return {
    share,
    isPending: upload.isPending,
    error: isStopped ? null : upload.error,
    // Given with the call: it is forgotten when the page is left, and pulls nobody back.
    send: (file: File) => upload.mutate(file, { onSuccess: open }),
    stop: () => stop.current?.abort(),
  };
}

/** "orders-2026.csv.gz" → "orders-2026". */
function sourceOf(fileName: string): string {
  return fileName.replace(/(\.[a-z0-9]{1,6}){1,2}$/i, "");
}
