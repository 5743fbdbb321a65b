import { z } from 'zod'
import { moment, ofVendor, operation, uuid } from './operation.ts'
import type { Permission } from './permission.ts'

/**
 * The line that stays open while somebody looks. It never carries what changed, only that it did and whose it is:
 * whoever hears it asks again, through the operations and their permissions.
 */
export const TOPICS = {
  runs: 'runs:read',
  messages: 'messages:read',
  work: 'work:read',
  clients: 'clients:read',
  journeys: 'journeys:read',
  forms: 'forms:read',
  events: 'events:read',
  jobs: 'runs:read',
  business: 'vendor:read',
  members: 'members:read',
  audit: 'audit:read',
} as const satisfies { readonly [topic: string]: Permission }
export type Topic = keyof typeof TOPICS
export const TOPIC_NAMES = Object.keys(TOPICS) as [Topic, ...Topic[]]

/** The words a browser asks for the line with; the ticket travels beside them, in no address and no log. */
export const LIVE_PROTOCOL = 'wedsync.live.1'
export const ticketProtocol = (ticket: string): string => `wedsync.ticket.${ticket}`
export const livePath = (vendor: string): string => `/api/v1/vendors/${vendor}/live`

export const CURSOR_SIGNS_MAX = 2_000
const cursor = z.string().min(1).max(CURSOR_SIGNS_MAX)

export const openLive = operation({
  id: 'live.ticket',
  method: 'post',
  path: '/vendors/{vendor}/live/tickets',
  summary:
    'A ticket for the line that tells what has changed: for one WebSocket of this session, once, within thirty seconds',
  needs: 'vendor:read',
  params: ofVendor,
  answer: z.object({
    ticket: z.string(),
    expires: moment,
    /** What may be followed with it. */
    topics: z.array(z.enum(TOPIC_NAMES)),
  }),
  onlyLooks: true,
})

/** What a client says, once: what it wants to hear of, and up to where it has heard everything. */
export const followSchema = z.strictObject({
  is: z.literal('follow'),
  topics: z.array(z.enum(TOPIC_NAMES)).min(1).max(TOPIC_NAMES.length),
  since: cursor.nullable(),
})

/** Whose it is; null when it is more than are worth naming. */
const ids = z.array(uuid).nullable()
const changed = z.object({ clients: ids, journeys: ids, runs: ids })
export type Changed = z.infer<typeof changed>

export const liveFrameSchema = z.discriminatedUnion('is', [
  /** Something of these topics was committed after the cursor before. */
  z.object({
    is: z.literal('changed'),
    cursor,
    topics: z.partialRecord(z.enum(TOPIC_NAMES), changed),
  }),
  /** Nobody can say any more what was missed: look at everything again. */
  z.object({ is: z.literal('look_again'), cursor }),
  /** Nothing changed up to here, and the line holds. */
  z.object({ is: z.literal('here'), cursor }),
])
export type LiveFrame = z.infer<typeof liveFrameSchema>

/** Why the server ends a line. */
export const LIVE_CLOSED = {
  /** The session or the membership is over, or the role is another. */
  notAllowed: 4403,
  /** It said something that is not in this contract. */
  notUnderstood: 4400,
  /** Nobody took what was sent for too long. */
  tooSlow: 4408,
  tooMany: 4429,
  /** The server stops; another is there. */
  goingAway: 1001,
} as const
