// Before anything is drawn: the theme that was chosen here. Without a choice, the stylesheet follows the system.
(function () {
  try {
    var theme = localStorage.getItem("slipway-theme");
    if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
  } catch (e) {
    // no storage: the system's
  }
})();
