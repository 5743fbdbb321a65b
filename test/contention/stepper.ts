import type { Db, Scope, Sql } from '../../src/ports.ts'

/**
 * Two actors on a real server, one statement at a time. Every statement, and every commit, of an actor is a gate: it
 * waits there until it is let through, and nobody else is let through before it has an answer or stands at a lock
 * that the other holds. So a schedule, which is a list of names, says exactly what was done in which order.
 */
export type Name = 'a' | 'b'

type Actor = {
  readonly name: Name
  /** Gates it has been let through. */
  passed: number
  readonly waiting: (() => void)[]
  /** Let through and not answered yet. */
  open: number
  over: boolean
}

const actor = (name: Name): Actor => ({ name, passed: 0, waiting: [], open: 0, over: false })

/** The line of one actor: each thing it asks of the database is a gate. */
function lineOf(me: Actor, db: Db, commits: string[]): Db {
  async function gate<T>(work: () => Promise<T>): Promise<T> {
    await new Promise<void>((go) => me.waiting.push(go))
    me.open += 1
    me.passed += 1
    try {
      return await work()
    } finally {
      me.open -= 1
    }
  }
  const gated =
    (sql: Sql): Sql =>
    (text, ...values) =>
      gate(() => sql(text, ...values))
  return {
    async tx<T>(name: string, scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T> {
      let committing = false
      try {
        const result = await db.tx(name, scope, async (sql) => {
          const result = await work(gated(sql))
          await gate(async () => undefined)
          committing = true
          me.open += 1
          return result
        })
        commits.push(`${me.name} ${name}`)
        return result
      } finally {
        if (committing) me.open -= 1
      }
    },
    read: (name, scope, work) => db.read(name, scope, (sql) => work(gated(sql))),
    one: (name, scope, text, ...values) => gate(() => db.one(name, scope, text, ...values)),
  }
}

export type Stage = {
  readonly db: { readonly a: Db; readonly b: Db }
  /** Whether the server holds a statement of this actor at a lock. */
  readonly isHeld: (name: Name) => Promise<boolean>
}

export type Played = {
  /** Who was let through, gate by gate. */
  readonly schedule: readonly Name[]
  /** Transactions that ended well, in their order, each as "who what". */
  readonly commits: readonly string[]
  readonly gates: { readonly a: number; readonly b: number }
  /** How often somebody stood at a lock that the other held. */
  readonly held: number
  readonly a: PromiseSettledResult<unknown>
  readonly b: PromiseSettledResult<unknown>
}

/** Plays both; `wanted` says who goes next while both can. Who stands at a lock is passed over until it is free. */
export async function play(
  stage: Stage,
  work: { readonly [name in Name]: (db: Db) => Promise<unknown> },
  wanted: Wanted,
): Promise<Played> {
  const actors = { a: actor('a'), b: actor('b') }
  const schedule: Name[] = []
  const commits: string[] = []
  const held = new Set<Name>()
  let locks = 0
  const results = Promise.allSettled(
    (['a', 'b'] as const).map((name) =>
      work[name](lineOf(actors[name], stage.db[name], commits)).finally(() => {
        actors[name].over = true
      }),
    ),
  )
  const isThere = ({ over, open, waiting }: Actor): boolean => over || (open === 0 && waiting.length > 0)

  /** Until it has come to its next gate or its end, or the server holds it at a lock. */
  async function settled(one: Actor): Promise<void> {
    for (let looks = 1; !isThere(one); looks += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      if (one.open === 0 || looks % LOOKS_BETWEEN !== 0) continue
      if (!(await stage.isHeld(one.name)) || isThere(one)) continue
      if (!held.has(one.name)) locks += 1
      held.add(one.name)
      return
    }
    held.delete(one.name)
  }

  for (;;) {
    for (const one of [actors.a, actors.b]) await settled(one)
    const able = [actors.a, actors.b].filter((one) => !one.over && !held.has(one.name))
    // Both at locks of each other: the server ends that, and one of them begins again.
    if (able.length === 0 && held.size > 0) continue
    if (able.length === 0) break
    const wish = wanted({ a: actors.a.passed, b: actors.b.passed })
    const next = able.find((one) => one.name === wish) ?? able[0]!
    schedule.push(next.name)
    next.waiting.shift()!()
  }
  const [a, b] = await results
  return { schedule, commits, gates: { a: actors.a.passed, b: actors.b.passed }, held: locks, a: a!, b: b! }
}

/** Turns of the loop between two looks at the server: most answers are there before the first. */
const LOOKS_BETWEEN = 12

type Wanted = (passed: Played['gates']) => Name

/**
 * Schedules in which one is interrupted once, by all that the other does; and those in which the other is interrupted
 * as well, before it is through. Nearly all that two can do to each other shows in these.
 */
export function interruptions(gates: Played['gates']): {
  readonly whole: readonly Wanted[]
  readonly partial: readonly Wanted[]
} {
  const whole: Wanted[] = []
  const partial: Wanted[] = []
  for (const [first, second] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const)
    for (let before = 0; before < gates[first]; before += 1) {
      whole.push((passed) => (passed[first] < before ? first : second))
      for (let between = 1; between < gates[second]; between += 1)
        partial.push((passed) => (passed[first] < before || passed[second] >= between ? first : second))
    }
  return { whole, partial }
}

/** At most so many of them, evenly. */
export function some<Item>(items: readonly Item[], most: number): Item[] {
  const every = Math.max(1, items.length / most)
  return Array.from({ length: Math.min(most, items.length) }, (_, index) => items[Math.floor(index * every)]!)
}
