import { queries, whoIsHere } from './api.ts'
import { wasAsked } from './early.ts'
import { asksAhead, asksToday } from './screens/today/asks.ts'
import { sessionOf } from './session.ts'

/** Longer than this nobody looks at an empty page: the frame is drawn, and what is missing comes into it. */
const EMPTY_MAX_MS = 150

/** Whoever comes here is nobody yet: who they are is not asked, as before-first-paint.js does not ask it. */
const AT_THE_DOOR = /^\/(sign-in|sign-up|open|reset|join|kit)\b/

/**
 * The answers that were asked before the app was here (early.ts) go where the rooms look for them before anything is
 * drawn: on a phone, a page that is drawn once is there half a second sooner than one that is drawn three times.
 */
export async function firstAnswers(address: URL): Promise<unknown> {
  if (AT_THE_DOOR.test(address.pathname)) return
  return Promise.race([
    read(address).catch(() => undefined),
    new Promise((resolve) => setTimeout(resolve, EMPTY_MAX_MS)),
  ])
}

async function read({ pathname, searchParams }: URL): Promise<void> {
  const business = searchParams.get('business') ?? undefined
  const who = queries.ensureQueryData(whoIsHere)
  if (pathname !== '/') return void (await who)
  const asked = wasAsked()
  const already = asked === null ? null : today(asked)
  const known = await who
  const here = known && sessionOf(known, business)
  if (!here) return
  await (here.vendor === asked ? already : today(here.vendor))
}

const today = (vendor: string): Promise<unknown> =>
  Promise.all([queries.prefetchQuery(asksToday(vendor)), queries.prefetchQuery(asksAhead(vendor))])
