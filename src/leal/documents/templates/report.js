(function () {
  "use strict";
  var root = document.documentElement;
  var mode = document.getElementById("mode");
  var modes = ["auto", "dark", "light"];
  var now = 0;
  mode.hidden = false;
  mode.addEventListener("click", function () {
    now = (now + 1) % modes.length;
    if (modes[now] === "auto") root.removeAttribute("data-theme");
    else root.setAttribute("data-theme", modes[now]);
    document.getElementById("mode-now").textContent = mode.getAttribute("data-" + modes[now]);
  });

  var filter = document.getElementById("filter");
  var buttons = Array.prototype.slice.call(filter.querySelectorAll("button"));
  filter.hidden = false;
  filter.addEventListener("click", function (event) {
    var wanted = event.target.getAttribute("data-show");
    if (!wanted) return;
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button === event.target));
    });
    document.querySelectorAll("[data-verdict]").forEach(function (part) {
      part.hidden = wanted !== "all" && part.getAttribute("data-verdict") !== wanted;
    });
  });

  window.addEventListener("beforeprint", function () {
    document.querySelectorAll("details").forEach(function (part) { part.open = true; });
  });
})();
