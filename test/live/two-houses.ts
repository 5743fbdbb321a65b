import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket } from 'ws'
import type { Accounts } from '../../src/accounts/accounts.ts'
import { inMemoryLimits, LIMITS } from '../../src/api/frame/limits.ts'
import { type LiveParts, serveLive } from '../../src/api/live/door.ts'
import type { Hub } from '../../src/api/live/hub.ts'
import {
  LIVE_PROTOCOL,
  type LiveFrame,
  liveFrameSchema,
  livePath,
  openLive,
  TOPIC_NAMES,
  type Topic,
  ticketProtocol,
} from '../../src/contract/live.ts'
import { accountsOf, type House, openHouse } from '../../src/main.ts'
import { type Browser, type Office, URL_HERE } from '../accounts/office.ts'
import { silent } from '../embedded/servers.ts'

/** One server that keeps lines open, over a house of its own. */
export type Front = { readonly url: string; readonly hub: Hub; close(): Promise<void> }

export async function openFront(
  house: House,
  accounts: Accounts,
  more: Partial<LiveParts> = {},
): Promise<Front> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const live = serveLive(server, {
    engine: house.engine,
    accounts,
    limits: inMemoryLimits(LIMITS),
    url: URL_HERE,
    ...more,
  })
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hub: live.hub,
    async close() {
      await live.close()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Another whole house on the same database: its own lines, clock, engine and accounts. Nothing is shared but rows. */
export async function openNeighbour(office: Office): Promise<Front> {
  const house = await openHouse(office.house.config, silent, { join: true })
  const accounts = await accountsOf(house)
  const front = await openFront(house, accounts)
  return {
    ...front,
    async close() {
      await front.close()
      await accounts.close()
      await house.close()
    },
  }
}

export const ticketOf = async (browser: Browser, vendor: string): Promise<string> =>
  (await browser.api(openLive, { params: { vendor } })).data.ticket

/** An open line and everything that was heard on it. */
export type Ear = {
  readonly frames: readonly LiveFrame[]
  /** The next frame of this kind that was not asked for yet. */
  next<Is extends LiveFrame['is']>(is: Is): Promise<Extract<LiveFrame, { is: Is }>>
  /** Up to where everything was heard. */
  cursor(): string
  readonly closed: Promise<number>
  say(text: string): void
  hangUp(): Promise<number>
}

export type Dial = {
  readonly ticket: string
  readonly vendor: string
  readonly since?: string | null
  readonly topics?: readonly Topic[]
  readonly origin?: string | null
  readonly protocols?: readonly string[]
}

/** Opens a line; throws the status when it is refused. */
export async function listen(front: Front, dial: Dial): Promise<Ear> {
  const socket = new WebSocket(
    `${front.url}${livePath(dial.vendor)}`,
    [...(dial.protocols ?? [LIVE_PROTOCOL, ticketProtocol(dial.ticket)])],
    dial.origin === null ? {} : { origin: dial.origin ?? URL_HERE },
  )
  const frames: LiveFrame[] = []
  const waiting: (() => void)[] = []
  let taken = 0
  socket.on('message', (data) => {
    frames.push(liveFrameSchema.parse(JSON.parse(String(data))))
    for (const look of waiting.splice(0)) look()
  })
  const closed = new Promise<number>((resolve) => socket.on('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve())
    socket.once('unexpected-response', (_, response) => reject(new Error(String(response.statusCode))))
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  if (dial.since !== undefined)
    socket.send(JSON.stringify({ is: 'follow', topics: dial.topics ?? TOPIC_NAMES, since: dial.since }))
  return {
    frames,
    async next(is) {
      for (;;) {
        const at = frames.findIndex((frame, index) => index >= taken && frame.is === is)
        if (at >= 0) {
          taken = at + 1
          return frames[at] as never
        }
        await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    cursor: () => frames.at(-1)?.cursor ?? dial.since ?? '',
    closed,
    say: (text) => socket.send(text),
    async hangUp() {
      socket.close()
      return closed
    },
  }
}
