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
// page how the day stands, at once where the business is known: from the address, or because a bare address led there
// the last time. src/web/early.ts takes these answers, once; whatever goes wrong here is asked again there.
{
  const GUESS = { 'x-wedsync-guess': 'yes' }
  const early = new Map()
  globalThis.__wedsyncEarly = early
  // A guess may be wrong, of a business that one has left: then the answer is nothing, and no refusal.
  const ask = (path, more = {}) => {
    if (early.has(path)) return early.get(path)
    const answer = fetch(path, { headers: { accept: 'application/json', ...more } })
    answer.catch(() => early.delete(path))
    early.set(path, answer)
    return answer
  }
  const askAbout = (business) => {
    ask(`/api/v1/vendors/${business}/today`, GUESS)
    ask(`/api/v1/vendors/${business}/today/outlook?days=7&brief=true`, GUESS)
  }
  const lastTime = () => {
    try {
      return localStorage.getItem('business')
    } catch {
      return null
    }
  }
  const outside = /^\/(sign-in|sign-up|open|reset|join|kit)\b/.test(location.pathname)
  if (!outside) {
    const who = ask('/api/v1/session')
    const wanted = new URLSearchParams(location.search).get('business') ?? lastTime()
    if (location.pathname === '/') {
      if (/^[\da-f-]{36}$/.test(wanted ?? '')) askAbout(wanted)
      else
        who
          .then((answer) => (answer.ok ? answer.clone().json() : null))
          .then((here) => here?.memberships[0] && askAbout(here.memberships[0].vendor))
          .catch(() => undefined)
    }
  }
}

// A browser that tells a moment for the first time looks its words up for a tenth of a second on a phone: now it has
// nothing else to do.
new Intl.DateTimeFormat(navigator.language, { weekday: 'long', timeZone: 'Europe/London' }).format()
