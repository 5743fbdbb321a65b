import { randomBytes } from 'node:crypto'
import { openLive, TOPIC_NAMES, TOPICS } from '../../contract/live.ts'
import { Refusal } from '../../core/refusal.ts'
import { isoOf, plusMs, SECOND_MS } from '../../core/time/instant.ts'
import { insertTicket } from '../../store/live.ts'
import { type Route, reads } from '../frame/route.ts'
import { ticketHash } from '../live/door.ts'

const TICKET_MS = 30 * SECOND_MS
const TICKET_BYTES = 32

export const liveRoutes: readonly Route[] = [
  reads(openLive, async ({ engine, vendor, actor, session, now, may }) => {
    if (session === null)
      throw new Refusal('forbidden', 'The live line is for people who are signed in. Programs ask again.')
    const ticket = randomBytes(TICKET_BYTES).toString('base64url')
    const expires = plusMs(now, TICKET_MS)
    await engine.db.tx('live.ticket', { vendors: [vendor] }, (sql) =>
      insertTicket(sql, {
        vendor,
        hash: ticketHash(ticket),
        member: actor.replace(/^member:/, ''),
        session,
        at: now,
        expires,
      }),
    )
    return { ticket, expires: isoOf(expires), topics: TOPIC_NAMES.filter((topic) => may(TOPICS[topic])) }
  }),
]
