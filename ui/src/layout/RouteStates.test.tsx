import { createMemoryHistory } from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";

import { memoryProvider } from "@/api/memory";
import { ApiError } from "@/api/problem";
import { App } from "@/App";
import { loadTexts, startI18n } from "@/i18n";
import "@/test/render";

it("trying again after a page failed to load loads it", async () => {
  await startI18n("en");
  await loadTexts("problem");
  const data = memoryProvider({ customers: 5 });
  const session = data.session;
  data.session = () => Promise.reject(new ApiError(500, "internal", "broken"));
  render(<App data={data} history={createMemoryHistory({ initialEntries: ["/tasks"] })} />);
  await screen.findByRole("alert");

  data.session = session;
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));

  expect(await screen.findByRole("heading", { level: 1, name: "Tasks" })).toBeInTheDocument();
});
