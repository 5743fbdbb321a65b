// Runs before anything is painted, so that a dark room never flashes white. Kept apart from the app because the
// page allows no inline script; src/ui/theme/theme.ts owns the same two rules afterwards.
try {
  const chosen = localStorage.getItem('theme')
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
} catch {
  // No storage: the page follows the system once it runs.
}
// The page's policy forbids making code from text; the library that checks shapes would try once to find out.
globalThis.__zod_globalConfig = { jitless: true }
