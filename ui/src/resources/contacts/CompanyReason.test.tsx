import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";

import { memoryProvider } from "@/api/memory";
import type { CompanyReason, Contact } from "@/api/types";
import { startI18n } from "@/i18n";
import { expectAccessible } from "@/test/render";
import { CompanyReasonLine } from "./CompanyReasonLine";

beforeEach(() => startI18n("en"));

const base = memoryProvider({ customers: 1 }).data.contacts[0]!;
const acme = { id: "acme", name: "Acme" };
const suggested: CompanyReason = { company: acme, rule: "domain", domain: "acme.example", attached_at: null };
const attached: CompanyReason = { ...suggested, attached_at: "2026-01-01T00:00:00Z" };
const at: Contact = { ...base, company: acme };
const nowhere: Contact = { ...base, company: null };

it("says why a company was attached and takes it back", async () => {
  const save = vi.fn();
  const { container } = render(<CompanyReasonLine contact={at} reason={attached} onSave={save} />);
  expect(screen.getByText(/^Attached .*for Acme has the domain acme\.example\.$/)).toBeVisible();
  await expectAccessible(container);

  await userEvent.click(screen.getByRole("button", { name: "Take back" }));

  expect(save.mock.calls).toEqual([[null]]);
});

it("suggests a company to a contact without one", async () => {
  const save = vi.fn();
  render(<CompanyReasonLine contact={nowhere} reason={suggested} onSave={save} />);
  expect(screen.getByText("Acme has the domain acme.example.")).toBeVisible();

  await userEvent.click(screen.getByRole("button", { name: "Attach" }));

  expect(save.mock.calls).toEqual([["acme"]]);
});

it("keeps silent once somebody has chosen otherwise, and offers nothing to those who only read", () => {
  const other = { ...base, company: { id: "b", name: "Beta" } };
  const { container, rerender } = render(
    <CompanyReasonLine contact={other} reason={attached} onSave={vi.fn()} />,
  );
  expect(container).toBeEmptyDOMElement();

  rerender(<CompanyReasonLine contact={nowhere} reason={attached} onSave={vi.fn()} />);
  expect(container).toBeEmptyDOMElement();

  rerender(<CompanyReasonLine contact={nowhere} reason={suggested} onSave={undefined} />);
  expect(screen.queryByRole("button")).toBeNull();
});
