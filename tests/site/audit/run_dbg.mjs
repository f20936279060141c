// Lighthouse on the pages that it is given, each on a desktop and on a phone. Called by audit.py.
// usage: node run.mjs CHROMIUM SITE PAGE...   One JSON object a line on the standard output.
import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";

const [chromePath, site, ...pages] = process.argv.slice(2);
const chrome = await launch({
  chromePath,
  logLevel: "silent",
  chromeFlags: [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
  ],
});
// Whoever stops this program stops its browser too.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => (chrome.kill(), process.exit(1)));
process.stdout.on("error", () => (chrome.kill(), process.exit(1)));
const options = {
  port: chrome.port,
  logLevel: "error",
  onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
};

try {
  for (const page of pages) {
    for (const device of ["mobile"]) {
      const { lhr } = await lighthouse(`${site}/${page}.html`, options, device === "desktop" ? desktopConfig : undefined);
      const requests = lhr.audits["network-requests"].details?.items ?? [];
      const scores = Object.fromEntries(
        Object.entries(lhr.categories).map(([name, { score }]) => [name, Math.round(100 * score)]),
      );
      console.error(JSON.stringify([lhr.audits["mainthread-work-breakdown"].details?.items, lhr.audits["long-tasks"].details?.items, lhr.audits["bootup-time"].details?.items, lhr.audits["forced-reflow-insight"]?.details]));
      // x: the audits that count and are not perfect.
      const lost = Object.values(lhr.categories).flatMap(({ auditRefs }) =>
        auditRefs
          .filter(({ id, weight }) => weight > 0 && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
          .map(({ id }) => `${id} ${lhr.audits[id].displayValue ?? lhr.audits[id].score}`),
      );
      console.log(JSON.stringify({
        page, device, ...scores,
        bytes: requests.reduce((sum, { transferSize }) => sum + (transferSize ?? 0), 0),
        requests: requests.length,
        error: lhr.runtimeError?.message ?? null,
        lost,
      }));
    }
  }
} finally {
  chrome.kill();
}
