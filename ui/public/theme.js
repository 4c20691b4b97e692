// Before anything is drawn: the theme that was chosen here, or else the system's, also when that changes.
(function () {
  var dark = matchMedia("(prefers-color-scheme: dark)");
  function apply() {
    var chosen = null;
    try {
      chosen = localStorage.getItem("slipway-theme");
    } catch (e) {
      // no storage: the system's
    }
    var theme = chosen === "dark" || chosen === "light" ? chosen : dark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = theme;
  }
  apply();
  dark.addEventListener("change", apply);
  addEventListener("slipway-theme", apply); // chosen in this tab
  addEventListener("storage", apply); // chosen in another one
})();
