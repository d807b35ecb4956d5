// Before the first paint: the theme chosen on this device, if it is not the system's.
try {
  const theme = localStorage.getItem("vestibule.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is blocked: the system's theme it is.
}
