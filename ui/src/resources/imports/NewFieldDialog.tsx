import type { Import } from "@/api/types";
import { CustomFieldDialog } from "@/resources/custom/CustomFieldDialog";
import type { CustomObject } from "@/resources/custom/customModel";
import { suggestedFor } from "@/resources/custom/definitionModel";
import { samplesOf } from "./mappingModel";

interface NewFieldDialogProps {
  object: CustomObject;
  /** The column that is to fill the field. */
  column: string;
  preview: Import["preview"];
  /** Told the name that mappings know the field by. */
  onMade: (field: string) => void;
  onClose: () => void;
}

/** Defines a custom field for a column of a file that none of the fields is for. */
export default function NewFieldDialog({ object, column, preview, onMade, onClose }: NewFieldDialogProps) {
  return (
    <CustomFieldDialog
      object={object}
      suggestion={suggestedFor(column, samplesOf(preview, column, Infinity))}
      onSaved={({ key }) => onMade(`custom.${key}`)}
      onClose={onClose}
    />
  );
}
