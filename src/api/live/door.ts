import { createHash } from 'node:crypto'
import type { IncomingMessage, Server } from 'node:http'
import type { Accounts } from '../../accounts/accounts.ts'
import { LIVE_PROTOCOL, ticketProtocol } from '../../contract/live.ts'
import type { Role } from '../../contract/permission.ts'
import type { VendorId } from '../../core/ids.ts'
import type { Engine } from '../../engine/engine.ts'
import { rolesOf, takeTicket } from '../../store/live.ts'
import { isOurOwn } from '../frame/guard.ts'
import { addressOf, type Limits, TooMany } from '../frame/limits.ts'
import { type Hub, type Listener, liveHub } from './hub.ts'
import { type Admission, acceptLines } from './socket.ts'

export const ticketHash = (ticket: string): Uint8Array => createHash('sha256').update(ticket).digest()

export type LiveParts = {
  readonly engine: Engine
  readonly accounts: Accounts
  readonly limits: Limits
  /** The public address. */
  readonly url: string
}

const PATH = /^\/api\/v1\/vendors\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/live$/
const TICKET = /^[A-Za-z0-9_-]{43}$/
const TICKET_PREFIX = ticketProtocol('')

/** Opens lines on this server: to our own pages, with a ticket, once (security T22). */
export function serveLive(
  server: Server,
  parts: LiveParts,
): { readonly hub: Hub; readonly close: () => Promise<void> } {
  const hub = liveHub(parts.engine, parts.accounts)
  const door = acceptLines(server, (request) => admitted(parts, hub, request))
  return {
    hub,
    async close() {
      door.close()
      await hub.close()
    },
  }
}

async function admitted(parts: LiveParts, hub: Hub, request: IncomingMessage): Promise<Admission> {
  const vendor = PATH.exec(request.url ?? '')?.[1] as VendorId | undefined
  if (vendor === undefined) return { status: 404 }
  const { origin, host } = request.headers
  if (origin === undefined || !isOurOwn(origin, parts.url, `http://${host ?? ''}`)) return { status: 403 }
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((one) => one.trim())
  const ticket = offered.find((one) => one.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length) ?? ''
  if (!offered.includes(LIVE_PROTOCOL)) return { status: 400 }
  const who = TICKET.test(ticket) ? await whoHolds(parts, vendor, ticket) : null
  if (who === null) return { status: await strangerCounted(parts.limits, request) }
  if (!hub.hasRoom(who.member)) return { status: 429 }
  return { line: (line) => hub.join(line, who) }
}

/** The ticket is used up, whatever comes of it. */
async function whoHolds(
  { engine, accounts }: LiveParts,
  vendor: VendorId,
  ticket: string,
): Promise<Listener | null> {
  const now = engine.clock.now()
  const taken = await engine.db.tx('live.open', { vendors: [vendor] }, async (sql) => {
    const row = await takeTicket(sql, vendor, ticketHash(ticket), now)
    const [member] = row ? await rolesOf(sql, [{ vendor, member: row.member_id }]) : []
    return row && member ? { ...row, role: member.role as Role } : null
  })
  if (taken === null || !(await accounts.sessionsOpen([taken.session_id])).has(taken.session_id)) return null
  return { vendor, member: taken.member_id, session: taken.session_id, role: taken.role }
}

async function strangerCounted(limits: Limits, request: IncomingMessage): Promise<number> {
  try {
    await limits.count('stranger', addressOf(request.socket.remoteAddress))
    return 401
  } catch (error) {
    if (error instanceof TooMany) return 429
    throw error
  }
}
