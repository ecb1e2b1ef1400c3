// Runs before the first paint, so that neither theme nor language flashes. A file of its own,
// because the content security policy allows no inline script.
(function () {
  var root = document.documentElement;
  var theme = null;
  var language = null;
  try {
    theme = localStorage.getItem("rapport.theme");
    language = localStorage.getItem("rapport.language");
  } catch {
    // Storage may be blocked; the system's choice then decides.
  }
  var dark =
    theme === "dark" ||
    (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.classList.toggle("dark", dark);
  root.lang = (language || navigator.language || "en").indexOf("zh") === 0 ? "zh-CN" : "en";
})();
