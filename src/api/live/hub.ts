import type { Accounts } from '../../accounts/accounts.ts'
import {
  type Changed,
  followSchema,
  LIVE_CLOSED,
  type LiveFrame,
  TOPICS,
  type Topic,
} from '../../contract/live.ts'
import { type Role, roleMay } from '../../contract/permission.ts'
import type { VendorId } from '../../core/ids.ts'
import type { Instant } from '../../core/time/instant.ts'
import type { Engine } from '../../engine/engine.ts'
import { type ChangeLine, changesSince, rolesOf, type Since, snapshotNow } from '../../store/live.ts'
import { type Cursor, heardFrom, isAhead, readCursor, writtenCursor } from './cursor.ts'
import type { Line } from './socket.ts'
import { toldOf } from './topics.ts'

/**
 * All lines of this process. Each has a cursor and nothing else: no queue, no buffer, no memory of what was sent. Once
 * a second the database is asked, in one statement for all, what was committed since their cursors; lines that stand
 * at the same place are asked for together. Whoever is slow keeps their cursor and is told later, in one piece. So a
 * process that dies takes nothing with it, and the next one goes on from where its client had got to.
 *
 * Nobody rings: what every process finds by looking cannot be lost on the way (adr/0020).
 */
export type Hub = {
  join(line: Line, who: Listener): void
  /** Whether there is room for one more of this member. */
  hasRoom(member: string): boolean
  readonly size: number
  close(): Promise<void>
}
export type Listener = {
  readonly vendor: VendorId
  readonly member: string
  readonly session: string
  readonly role: Role
}

export const LIVE_LIMITS = {
  linesPerProcess: 5_000,
  linesPerMember: 20,
  /** How often the database is asked; no topic is told of more often. */
  tellEveryMs: 1_000,
  /** How often sessions and roles are looked at again. */
  checkEveryMs: 2_000,
  heartbeatMs: 15_000,
  /** Who has not said what they want to hear by then does not want anything. */
  followWithinMs: 10_000,
  /** What lies unread on a line: nothing more is sent until it is taken. */
  backlogBytes: 64 * 1_024,
  backlogForMs: 30_000,
  /** Questions in one statement. */
  askedAtOnce: 500,
} as const

type Follower = {
  readonly line: Line
  readonly who: Listener
  readonly since: number
  topics: ReadonlySet<Topic>
  /** Null until it has said what it wants to hear. */
  cursor: Cursor | null
  /** It asked from somewhere that is too long ago. */
  lost: boolean
  spokenAt: number
  slowSince: number | null
}

export function liveHub(engine: Engine, accounts: Pick<Accounts, 'sessionsOpen'>): Hub {
  const followers = new Set<Follower>()
  const perMember = new Map<string, number>()
  let timer: ReturnType<typeof setTimeout> | null = null
  let round: Promise<void> = Promise.resolve()
  let checkedAt = 0
  let closed = false

  const later = (): void => {
    if (timer !== null || closed || followers.size === 0) return
    timer = setTimeout(() => {
      timer = null
      round = look().finally(later)
    }, LIVE_LIMITS.tellEveryMs)
  }

  async function look(): Promise<void> {
    try {
      const now = performance.now()
      if (now - checkedAt >= LIVE_LIMITS.checkEveryMs) {
        await dismissWhoMayNot(engine, accounts, [...followers])
        checkedAt = now
      }
      const ready = [...followers].filter((one) => isReady(one, now))
      for (let from = 0; from < ready.length; ) {
        const part = ofFewPlaces(ready.slice(from), LIVE_LIMITS.askedAtOnce)
        from += part.length
        await tell(engine, part)
      }
    } catch (error) {
      // The cursors stand where they stood: the next round tells it all.
      engine.log.warn('live lines wait', { cause: String(error) })
    }
  }

  return {
    get size() {
      return followers.size
    },
    hasRoom: (member) =>
      !closed &&
      followers.size < LIVE_LIMITS.linesPerProcess &&
      (perMember.get(member) ?? 0) < LIVE_LIMITS.linesPerMember,
    join(line, who) {
      const now = performance.now()
      const one: Follower = {
        line,
        who,
        since: now,
        topics: new Set(),
        cursor: null,
        lost: false,
        spokenAt: now,
        slowSince: null,
      }
      followers.add(one)
      perMember.set(who.member, (perMember.get(who.member) ?? 0) + 1)
      line.onClosed(() => {
        if (!followers.delete(one)) return
        const left = (perMember.get(who.member) ?? 1) - 1
        if (left > 0) perMember.set(who.member, left)
        else perMember.delete(who.member)
      })
      line.onText((text) => follow(one, text, engine.clock.now()))
      later()
    },
    async close() {
      closed = true
      if (timer !== null) clearTimeout(timer)
      await round
      for (const { line } of followers) line.close(LIVE_CLOSED.goingAway, 'the server stops')
    },
  }
}

/** Said once: whoever wants something else opens another line. */
function follow(one: Follower, text: string, now: Instant): void {
  const said = followSchema.safeParse(parsed(text))
  if (!said.success || one.cursor !== null || one.lost)
    return one.line.close(LIVE_CLOSED.notUnderstood, 'not understood')
  one.topics = new Set(said.data.topics.filter((topic) => roleMay(one.who.role, TOPICS[topic])))
  const cursor = said.data.since === null ? null : readCursor(said.data.since, now)
  one.cursor = cursor
  one.lost = cursor === null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function isReady(one: Follower, now: number): boolean {
  if (one.cursor === null && !one.lost) {
    if (now - one.since > LIVE_LIMITS.followWithinMs)
      one.line.close(LIVE_CLOSED.notUnderstood, 'nothing said')
    return false
  }
  if (one.line.backlogBytes() <= LIVE_LIMITS.backlogBytes) {
    one.slowSince = null
    return true
  }
  one.slowSince ??= now
  if (now - one.slowSince > LIVE_LIMITS.backlogForMs) one.line.close(LIVE_CLOSED.tooSlow, 'too slow')
  return false
}

/** As many of the first as have at most so many different places among them. */
function ofFewPlaces(followers: readonly Follower[], max: number): readonly Follower[] {
  const places = new Set<string>()
  const end = followers.findIndex((one) => places.add(placeOf(one)).size > max)
  return end === -1 ? followers : followers.slice(0, end)
}

const placeOf = ({ who, cursor }: Follower): string => `${who.vendor} ${cursor?.snapshot ?? ''}`

/** One statement, and to each line what it may and wants to hear of it. */
async function tell(engine: Engine, followers: readonly Follower[]): Promise<void> {
  const at = engine.clock.now()
  const places = [...Map.groupBy(followers, placeOf).values()]
  const known = places.filter(([first]) => first?.cursor)
  const asked = known.flatMap(([first]): Since[] =>
    first?.cursor
      ? [{ vendor: first.who.vendor, snapshot: first.cursor.snapshot, from: heardFrom(first.cursor) }]
      : [],
  )
  const vendors = [...new Set(asked.map((one) => one.vendor))]
  const { snapshot, lines } =
    asked.length > 0
      ? await engine.db.read('live.changes', { vendors }, (sql) => changesSince(sql, asked))
      : { snapshot: await engine.db.read('live.cursor', 'platform', snapshotNow), lines: [] }
  const cursor: Cursor = { at, snapshot }
  const written = writtenCursor(cursor)
  const linesAt = Map.groupBy(lines, (line: ChangeLine) => line.place)
  known.forEach((ones, place) => {
    const told = toldOf(linesAt.get(place) ?? [])
    for (const one of ones) {
      if (one.cursor && isAhead(one.cursor, snapshot)) one.lost = true
      else speak(one, frameOf(one, told, written))
    }
  })
  for (const one of followers) {
    if (one.lost) speak(one, { is: 'look_again', cursor: written })
    one.lost = false
    one.cursor = cursor
  }
}

function frameOf(one: Follower, told: ReadonlyMap<Topic, Changed>, cursor: string): LiveFrame | null {
  const mine = [...told].filter(([topic]) => one.topics.has(topic))
  if (mine.length > 0) return { is: 'changed', cursor, topics: Object.fromEntries(mine) }
  return performance.now() - one.spokenAt >= LIVE_LIMITS.heartbeatMs ? { is: 'here', cursor } : null
}

function speak(one: Follower, frame: LiveFrame | null): void {
  if (frame === null) return
  // A line nobody answers on is gone, whatever the network says.
  if (frame.is === 'here' && !one.line.probe()) return one.line.close(LIVE_CLOSED.tooSlow, 'no sign of life')
  one.spokenAt = performance.now()
  one.line.send(JSON.stringify(frame))
}

/** A session that was ended, a member who was let go or is something else now: their lines end. */
async function dismissWhoMayNot(
  engine: Engine,
  accounts: Pick<Accounts, 'sessionsOpen'>,
  followers: readonly Follower[],
): Promise<void> {
  const open = await accounts.sessionsOpen([...new Set(followers.map(({ who }) => who.session))])
  const members = new Map(followers.map(({ who }) => [`${who.vendor} ${who.member}`, who]))
  const roles = new Map<string, string>()
  const all = [...members.values()]
  for (let from = 0; from < all.length; from += LIVE_LIMITS.askedAtOnce) {
    const some = all.slice(from, from + LIVE_LIMITS.askedAtOnce)
    const vendors = [...new Set(some.map(({ vendor }) => vendor))]
    const rows = await engine.db.read('live.roles', { vendors }, (sql) => rolesOf(sql, some))
    for (const row of rows) roles.set(`${row.vendor_id} ${row.member_id}`, row.role)
  }
  for (const { who, line } of followers)
    if (!open.has(who.session) || roles.get(`${who.vendor} ${who.member}`) !== who.role)
      line.close(LIVE_CLOSED.notAllowed, 'not allowed any more')
}
