import { defineConfig } from "@playwright/test";

/**
 * Stories in a real browser against a running server. `RAPPORT_URL` is its address, `RAPPORT_EMAIL` and
 * `RAPPORT_PASSWORD` a login with data behind it (`rapport demo` prints all three), `RAPPORT_CHROMIUM`
 * the browser.
 */
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  fullyParallel: false,
  workers: 1,
  // A machine that builds beside the browser may be slow once; what is broken fails twice.
  retries: 1,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    baseURL: process.env.RAPPORT_URL ?? "http://127.0.0.1:7070",
    // A control that is not there fails its story in seconds, not at the end of the story's time.
    actionTimeout: 30_000,
    viewport: { width: 1440, height: 900 },
    launchOptions: {
      executablePath: process.env.RAPPORT_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu"],
    },
    screenshot: "only-on-failure",
  },
});
