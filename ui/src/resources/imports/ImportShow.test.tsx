import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

const FILE = new File(["InvoiceNo,StockCode\n1,2\n"], "orders-2026.csv", { type: "text/csv" });

const WORKBOOK = new File(["PK"], "orders-2026.xlsx");

async function upload(file = FILE) {
  const app = await renderApp("/imports");
  await app.user.upload(await screen.findByLabelText("Choose a file", { selector: "input" }), file);
  await screen.findByRole("heading", { level: 1, name: file.name });
  await screen.findByRole("table", { name: "Mapping" });
  return app;
}

it("a file goes in: mapping, live progress, rejected rows to take away", async () => {
  const { user, container } = await upload();
  expect(await screen.findByRole("table", { name: "Mapping" })).toBeInTheDocument();
  await expectAccessible(container);

  await user.click(screen.getByRole("button", { name: "Run import" }));

  expect(await screen.findByRole("progressbar", { name: "Import progress" })).toBeInTheDocument();
  expect(await screen.findByText(/rows\/s/)).toBeInTheDocument();
  const rejected = await screen.findByRole("table", { name: "Rejected rows" });
  expect(await within(rejected).findAllByText("31/13/2011")).not.toHaveLength(0);
  expect(screen.getByRole("link", { name: "Download CSV" })).toHaveAttribute(
    "href",
    expect.stringMatching(/rejected_rows\.csv$/),
  );
  await waitFor(() => expect(screen.getByText("Done")).toBeInTheDocument(), { timeout: 30_000 });
  expect(screen.getByText("The rows are in.").parentElement).toHaveTextContent(/Orders.*Contacts.*Segments/);
});

it("another sheet of a workbook is one choice away, and the keyboard stays where it was", async () => {
  const { user, container } = await upload(WORKBOOK);
  const select = screen.getByLabelText("Sheet");
  expect(select).toHaveDisplayValue("Orders");
  expect(screen.getByRole("option", { name: "Old orders (hidden)" })).toBeInTheDocument();
  await expectAccessible(container);

  await user.selectOptions(select, "Stores");

  await waitFor(() => expect(screen.queryByText("InvoiceNo")).not.toBeInTheDocument());
  expect(screen.getByLabelText("Field for column Country")).toBeInTheDocument();
  expect(screen.getByLabelText("Sheet")).toHaveDisplayValue("Stores");
  expect(screen.getByLabelText("Sheet")).toHaveFocus();
});

it("a sheet that cannot be read is told beside the choice", async () => {
  const { user, data } = await upload(WORKBOOK);
  data.setSheet = () => Promise.reject(new Error("the sheet is empty"));

  await user.selectOptions(screen.getByLabelText("Sheet"), "Stores");

  await waitFor(() =>
    expect(screen.getByLabelText("Sheet")).toHaveAccessibleDescription("the sheet is empty"),
  );
  expect(screen.getByLabelText("Sheet")).toHaveDisplayValue("Orders");
});

it("a mapping that lacks a required field cannot run", async () => {
  const { user } = await upload();

  await user.selectOptions(screen.getByLabelText("Field for column InvoiceDate"), "Do not import");

  expect(screen.getByRole("status")).toHaveTextContent("Still needed: Ordered at");
  expect(screen.getByRole("button", { name: "Run import" })).toBeDisabled();
});

it("a column that none of the fields is for gets one of its own, with the words and the type of the column", async () => {
  const { user, data, container } = await upload();
  expect(screen.queryByRole("option", { name: "New field…" })).not.toBeInTheDocument();
  await user.selectOptions(screen.getByLabelText("Rows are"), "Contacts");
  await expectAccessible(container);

  await user.selectOptions(screen.getByLabelText("Field for column Quantity"), "New field…");

  const dialog = await screen.findByRole("dialog", { name: "New field" });
  expect(within(dialog).getByLabelText("Name in English")).toHaveValue("Quantity");
  expect(within(dialog).getByLabelText("Key")).toHaveValue("quantity");
  expect(within(dialog).getByLabelText("Type")).toHaveDisplayValue("Whole number");
  await user.click(within(dialog).getByRole("button", { name: "Add field" }));

  await waitFor(() =>
    expect(screen.getByLabelText("Field for column Quantity")).toHaveDisplayValue("Quantity"),
  );
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  expect(await data.customFields()).toMatchObject([{ object: "contact", key: "quantity" }]);
});

it("a dialog that is closed leaves the column as it was", async () => {
  const { user } = await upload();
  await user.selectOptions(screen.getByLabelText("Rows are"), "Contacts");
  await user.selectOptions(screen.getByLabelText("Field for column Country"), "New field…");

  await screen.findByRole("dialog");
  await user.keyboard("{Escape}");

  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(screen.getByLabelText("Field for column Country")).toHaveDisplayValue("Country");
});

it("a file of another kind is one choice away", async () => {
  const { user } = await upload();

  await user.selectOptions(screen.getByLabelText("Rows are"), "Contacts");

  expect(screen.getByLabelText("Field for column Country")).toHaveDisplayValue("Country");
  expect(screen.getByLabelText("Field for column StockCode")).toHaveDisplayValue("Do not import");
});

it("contacts may be only new, or replaced column by column", async () => {
  const { user, data, container } = await upload();
  expect(screen.queryByLabelText("Rows may")).not.toBeInTheDocument();

  await user.selectOptions(screen.getByLabelText("Rows are"), "Contacts");
  await user.selectOptions(screen.getByLabelText("Rows may"), "only change known records");
  await user.selectOptions(screen.getByLabelText("Values that are here already"), "are replaced");
  await user.click(screen.getByLabelText("Replace values by column Country"));
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "Run import" }));

  await waitFor(() =>
    expect(data.data.imports[0]?.mapping).toMatchObject({ mode: "update", existing: "replace" }),
  );
  const country = data.data.imports[0]?.mapping.columns.find(({ column }) => column === "Country");
  expect(country?.replace).toBe(false);
});

it("the currency and the mark of cancelled orders are seen and changed before the run", async () => {
  const { user, data } = await upload();

  await user.clear(screen.getByLabelText("Currency where missing"));
  await user.type(screen.getByLabelText("Currency where missing"), "eur");
  await user.clear(screen.getByLabelText("Cancelled orders begin with"));
  await user.click(screen.getByRole("button", { name: "Run import" }));

  await waitFor(() =>
    expect(data.data.imports[0]?.mapping).toMatchObject({
      constants: { currency: "EUR" },
      cancelled_order_prefix: null,
    }),
  );
});

/** An upload that goes on until the test lets it end. */
async function slowUpload() {
  const app = await renderApp("/imports");
  const finish = app.data.upload;
  let end = () => {};
  app.data.upload = async (file, source, onProgress, signal) => {
    await new Promise<void>((resolve, reject) => {
      end = resolve;
      signal?.addEventListener("abort", () => reject(new DOMException("stopped", "AbortError")));
    });
    return finish(file, source, onProgress, signal);
  };
  await app.user.upload(await screen.findByLabelText("Choose a file", { selector: "input" }), FILE);
  await screen.findByRole("progressbar", { name: "Uploading" });
  return { ...app, end: () => end() };
}

it("who leaves the page during an upload is told of its end and not pulled back", async () => {
  const { history, end } = await slowUpload();

  history.push("/tasks");
  await screen.findByRole("heading", { level: 1, name: "Tasks" });
  end();

  expect(await screen.findByText("orders-2026.csv is uploaded")).toBeInTheDocument();
  expect(history.location.pathname).toBe("/tasks");
});

it("an upload can be stopped without a complaint", async () => {
  const { user, history } = await slowUpload();

  await user.click(screen.getByRole("button", { name: "Cancel" }));

  expect(await screen.findByRole("button", { name: "Choose a file" })).toBeInTheDocument();
  expect(screen.queryByRole("alert")).toBeNull();
  expect(history.location.pathname).toBe("/imports");
});

it("of several dropped files those that are left are named, and the rest of the window refuses files", async () => {
  await renderApp("/imports");
  const box = await screen.findByRole("region", { name: "Import a file" });
  const beside = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(beside, { dataTransfer: { types: ["Files"] } });

  document.body.dispatchEvent(beside);
  expect(beside.defaultPrevented).toBe(true);
  fireEvent.drop(box, { dataTransfer: { types: ["Files"], files: [FILE, new File([], "more.csv")] } });

  expect(await screen.findByText(/import these afterwards: more.csv/)).toBeInTheDocument();
});

it("a failed import says why and can be run again", async () => {
  const app = await renderApp("/imports");
  const one = app.data.data.imports[0]!;
  Object.assign(one, { status: "failed", error: "the disk is full; free some space" });
  app.history.push(`/imports/${one.id}`);

  expect(await screen.findByRole("alert")).toHaveTextContent("the disk is full");
  await app.user.click(screen.getByRole("button", { name: "Run again" }));
  expect(await screen.findByRole("progressbar", { name: "Import progress" })).toBeInTheDocument();
});

it("an import that is over is taken back: what goes is said before, what stays is listed after", async () => {
  const { user, container } = await upload();
  await user.click(screen.getByRole("button", { name: "Run import" }));
  await user.click(await screen.findByRole("button", { name: "Undo import…" }, { timeout: 30_000 }));

  const dialog = await screen.findByRole("dialog", { name: "Take this import back" });
  expect(await within(dialog).findByText("22,190")).toBeInTheDocument();
  expect(within(dialog).getByText("Will be restored, unless changed since")).toBeInTheDocument();
  await expectAccessible(container);
  await user.click(within(dialog).getByRole("button", { name: "Undo import" }));

  const left = await screen.findByRole("table", { name: "Left as they are" }, { timeout: 30_000 });
  expect(within(left).getByText("Head of purchasing")).toBeInTheDocument();
  await waitFor(() => expect(screen.getByText("Undone")).toBeInTheDocument(), { timeout: 30_000 });
  expect(screen.queryByRole("button", { name: "Undo import…" })).not.toBeInTheDocument();
});

it("a dry run tells what each row would do, all of them or those of one kind", async () => {
  const { user, container } = await upload();

  await user.click(screen.getByRole("button", { name: "Dry run" }));

  const rows = await screen.findByRole("table", { name: "What the rows would do" });
  expect(within(rows).getByText("quantity: 6 → 8")).toBeInTheDocument();
  expect(within(rows).getAllByRole("row")).toHaveLength(5);
  await expectAccessible(container);
  await user.click(screen.getByRole("button", { name: "rejected" }));
  await waitFor(() =>
    expect(
      within(screen.getByRole("table", { name: "What the rows would do" })).getAllByRole("row"),
    ).toHaveLength(2),
  );
  expect(screen.getByText("write dates like 2011-12-31 08:26")).toBeInTheDocument();
  expect(screen.getByRole("button", { name: "Run import" })).toBeEnabled();
});
