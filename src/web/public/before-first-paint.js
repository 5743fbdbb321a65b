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

// On a phone the app is a second on its way. What it will ask first is asked meanwhile: who is here, and on the start
// page how the day stands. src/web/early.ts takes these answers, once; whatever goes wrong here is asked again there.
{
  const early = new Map()
  globalThis.__wedsyncEarly = early
  const ask = (path) => {
    const answer = fetch(path, { headers: { accept: 'application/json' } })
    answer.catch(() => early.delete(path))
    early.set(path, answer)
    return answer
  }
  const outside = /^\/(sign-in|sign-up|open|reset|join|kit)\b/.test(location.pathname)
  if (!outside) {
    const wanted = new URLSearchParams(location.search).get('business')
    ask('/api/v1/session')
      .then((answer) => (answer.ok && location.pathname === '/' ? answer.clone().json() : null))
      .then((who) => {
        const all = who?.memberships ?? []
        const here = all.find((one) => one.vendor === wanted) ?? all[0]
        if (!here) return
        ask(`/api/v1/vendors/${here.vendor}/today`)
        ask(`/api/v1/vendors/${here.vendor}/today/outlook?days=7`)
      })
      .catch(() => undefined)
  }
}
