import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { makeMetrics } from '../../src/api/metrics.ts'
import type { ClientId, VendorId, WeddingId } from '../../src/core/ids.ts'
import type { Engine } from '../../src/engine/engine.ts'
import { importCouples } from '../../src/engine/import-couples.ts'
import { publish } from '../../src/engine/publish.ts'
import type { House } from '../../src/main.ts'
import { threadHeartbeat } from '../../src/queue/heartbeat.ts'
import { startWorker, type Worker } from '../../src/queue/worker.ts'
import type { World } from '../harness/system.ts'
import { anotherVendor, openOn } from './house.ts'
import { rowsOf } from './planning.ts'
import { inquiry, wave } from './season-journeys.ts'
import type { PeerSays } from './smtp-peer.ts'

/** The house of a season: worker, heartbeat thread, metrics, and a real mail server that letters leave for. */
export type Season = {
  readonly house: House
  readonly engine: Engine
  readonly worker: Worker
  readonly session: pg.Client
  readonly peer: Peer
  readonly vendors: readonly VendorId[]
  onRun: (run: string, status: string, due: number | null) => void
}
export type Couple = {
  readonly vendor: VendorId
  readonly client: ClientId
  readonly wedding: WeddingId
  readonly email: string
}
export type Peer = {
  readonly port: number
  onLetter: (to: string) => void
  book(): Promise<{ letters: number; distinct: number }>
}

const VENDORS = 8
const SCRAPE_EVERY_MS = 1_000

export async function openSeason(world: World): Promise<Season> {
  const peer = await openPeer(world)
  const told = { onRun: (_run: string, _status: string, _due: number | null): void => undefined }
  const first = await openOn(world)
  const installation = first.installation.installation_id
  await first.close()
  const metrics = makeMetrics()
  const house = await openOn(world, {
    env: {
      WEDSYNC_SENDING: installation,
      WEDSYNC_SMTP_URL: `smtp://127.0.0.1:${peer.port}?tls=none`,
      WEDSYNC_FROM: 'studio@lumen.example',
    },
    observe: metrics.observeTransaction,
    bus: {
      publish: ({ data }) => {
        const { run, status, due } = data as { run: string; status: string; due: number | null }
        told.onRun(run, status, due)
      },
    },
  })
  world.later(() => house.close())
  if (!house.sending) throw new Error('the house does not send')
  const { engine } = house
  const session = new pg.Client({ connectionString: world.databaseUrl })
  await session.connect()
  world.later(() => session.end())
  const vendors: VendorId[] = []
  for (let nth = 0; nth < VENDORS; nth += 1) {
    const vendor = await anotherVendor(engine)
    await publish(engine, vendor, { key: 'inquiry', document: inquiry, by: 'bench' })
    await publish(engine, vendor, { key: 'wave', document: wave, by: 'bench' })
    vendors.push(vendor)
  }
  const worker = startWorker(engine, {
    shards: 'all',
    heartbeat: threadHeartbeat(engine, house.target('wed_app')),
  })
  world.later(() => worker.drain())
  metrics.watchWorker(() => worker.stats)
  const scraping = setInterval(() => void metrics.text(), SCRAPE_EVERY_MS)
  world.later(() => clearInterval(scraping))
  return Object.assign(told, { house, engine, worker, session, peer, vendors })
}

/** Couples of all vendors by turns, each with a wedding so many days from now, as an import brings them in. */
export async function couplesFor(
  season: Season,
  name: string,
  count: number,
  inDays: number,
): Promise<Couple[]> {
  const { engine, vendors, session } = season
  const day = new Date(engine.clock.now() + inDays * 86_400_000).toISOString().slice(0, 10)
  const each = Math.ceil(count / vendors.length)
  const groups: Couple[][] = []
  for (const [nth, vendor] of vendors.entries()) {
    const emailOf = (i: number): string => `${name}-${nth}-${i}@example.org`
    const lines = Array.from({ length: each }, (_, i) => `Anna ${i},${emailOf(i)},Ben ${i},${day},en`)
    const book = `Name,Email,Partner name,Wedding date,Language\n${lines.join('\n')}\n`
    const told = await importCouples(engine, vendor, name, rowsOf(book))
    const { rows } = await session.query<{ client_id: ClientId; wedding_id: WeddingId }>(
      'select client_id, wedding_id from app.client where vendor_id = $1 and client_id = any ($2)',
      [vendor, told.clients.map((one) => one.client)],
    )
    const weddings = new Map(rows.map((row) => [row.client_id, row.wedding_id]))
    groups.push(
      told.clients.map(({ client, line }) => ({
        vendor,
        client,
        wedding: weddings.get(client)!,
        // The first line is the header's.
        email: emailOf(line - 2),
      })),
    )
  }
  return Array.from({ length: each }, (_, i) => groups.map((group) => group[i]!))
    .flat()
    .slice(0, count)
}

/** The moments of these couples' timers. */
export async function setTimers(
  { session }: Season,
  couples: readonly Couple[],
  momentOf: (nth: number) => number,
): Promise<void> {
  await session.query(
    `update app.client c
        set anchors = jsonb_build_object('custom:timer', jsonb_build_object('value', jsonb_build_object('is', 'moment', 'at', x.at), 'generation', 1))
       from unnest($1::uuid[], $2::bigint[]) as x(client_id, at) where c.client_id = x.client_id`,
    [couples.map((one) => one.client), couples.map((_, nth) => Math.round(momentOf(nth)))],
  )
}

async function openPeer(world: World): Promise<Peer> {
  const child: ChildProcess = fork(fileURLToPath(new URL('smtp-peer.ts', import.meta.url)), [], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  world.later(() => child.kill('SIGKILL'))
  const port = Promise.withResolvers<number>()
  let book = Promise.withResolvers<{ letters: number; distinct: number }>()
  const peer = { onLetter: (_to: string): void => undefined }
  child.on('message', (message: PeerSays) => {
    if (message.is === 'listening') port.resolve(message.port)
    else if (message.is === 'book') book.resolve(message)
    else for (const to of message.to) peer.onLetter(to)
  })
  child.once('exit', () => port.reject(new Error('the mail server ended')))
  return Object.assign(peer, {
    port: await port.promise,
    book() {
      book = Promise.withResolvers()
      child.send('book')
      return book.promise
    },
  })
}
