import { QueryClientProvider } from '@tanstack/react-query'
import { createRouter, RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { namingBusiness } from './address.ts'
import { queries, whoIsHere } from './api.ts'
import './app.css'
import { firstAnswers } from './first-answers.ts'
import { rooms } from './rooms.tsx'
import { sessionOf } from './session.ts'
import { RoomError } from './shell/RoomError.tsx'

declare global {
  // The library that keeps the page still behind a dialog writes a style element and looks for its nonce here.
  var __webpack_nonce__: string | undefined
}
globalThis.__webpack_nonce__ = document.querySelector<HTMLMetaElement>('meta[name=style-nonce]')?.content

function stringifySearch(search: Record<string, unknown>): string {
  const said = Object.entries(search).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  )
  return said.length === 0 ? '' : `?${new URLSearchParams(said)}`
}

const router = createRouter({
  routeTree: rooms,
  defaultPreload: 'intent',
  defaultPreloadDelay: 40,
  defaultErrorComponent: RoomError,
  scrollRestoration: true,
  // What somebody searched for is a word, also when it looks like a number.
  parseSearch: (query) => Object.fromEntries(new URLSearchParams(query)),
  stringifySearch,
  notFoundMode: 'root',
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

/** Before anything is drawn, where it is known by now: drawn once, every link has it. Otherwise the Gate says it. */
async function sayBusiness(): Promise<void> {
  const who = queries.getQueryData(whoIsHere.queryKey)
  const session = who && sessionOf(who, undefined)
  const isInside = router.state.matches.some(({ routeId }) => routeId === '/house')
  if (!session || !isInside || 'business' in router.state.location.search) return
  await router.navigate(namingBusiness(session.vendor))
}

const place = document.getElementById('app')
if (!place) throw new Error('The page has no place for the app.')
const root = createRoot(place)
// Not awaited: the rooms are parts of their own that wait for this one to be through.
void Promise.all([firstAnswers(new URL(location.href)), router.load()]).then(async () => {
  await sayBusiness()
  root.render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
})
