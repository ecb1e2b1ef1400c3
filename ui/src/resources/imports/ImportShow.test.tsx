import { screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";

import { expectAccessible, renderApp } from "@/test/render";

const FILE = new File(["InvoiceNo,StockCode\n1,2\n"], "orders-2026.csv", { type: "text/csv" });

async function upload() {
  const app = await renderApp("/imports");
  await app.user.upload(await screen.findByLabelText("Choose a file", { selector: "input" }), FILE);
  await screen.findByRole("heading", { level: 1, name: "orders-2026.csv" });
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
});

it("a mapping that lacks a required field cannot run", async () => {
  const { user } = await upload();

  await user.selectOptions(screen.getByLabelText("Field for column InvoiceDate"), "Do not import");

  expect(screen.getByRole("status")).toHaveTextContent("Still needed: Ordered at");
  expect(screen.getByRole("button", { name: "Run import" })).toBeDisabled();
});

it("a file of another kind is one choice away", async () => {
  const { user } = await upload();

  await user.selectOptions(screen.getByLabelText("Rows are"), "Contacts");

  expect(screen.getByLabelText("Field for column Country")).toHaveDisplayValue("Country");
  expect(screen.getByLabelText("Field for column StockCode")).toHaveDisplayValue("Do not import");
});
