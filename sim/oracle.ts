import type { Journey, Node } from '../src/core/journey/graph.ts'
import { armByHash } from './oracle-arm.ts'
import { countsToNothing, type Dates, momentOf, type Rule, ruleIn } from './oracle-time.ts'

/**
 * A second reading of what a journey means: a small sequential interpreter that shares no line with the engine. It is
 * given what came in from outside (events, answers, outcomes, and when somebody looked at the clock) and says which
 * messages must have been planned, to whom, in which words, and not before when.
 *
 * Where a recorded difference is allowed it says so by stopping (`left`): a catch-up whose day depends on the
 * couple's other messages, and an outage of half a day that handed a step to a person.
 */
export type Came =
  | { readonly is: 'started' | 'due' }
  | { readonly is: 'happened'; readonly event: { readonly type: string } }
  | {
      readonly is: 'settled'
      readonly effect: string
      readonly outcome: { readonly is: string; readonly exit?: string }
    }
  | { readonly is: 'task_done'; readonly name: string }
  | { readonly is: 'approval_answered'; readonly name: string; readonly answer: string }
  | { readonly is: 'details_changed' }
export type Turn = { readonly at: number; readonly came: Came }

export type Person = { readonly ref: string; readonly email?: string | undefined }
export type Story = {
  readonly client: string
  readonly journey: Journey
  readonly people: readonly Person[]
  readonly budget: number | null
  readonly dates: Dates
  readonly turns: readonly Turn[]
}

export type Meant = {
  readonly name: string
  readonly kind: 'email' | 'notify' | 'webhook'
  readonly to: string | null
  readonly subject: string | null
  readonly body: string | null
  /** Not planned before this. */
  readonly due: number
}
export type Reading = {
  readonly meant: readonly Meant[]
  /** Where it stands now: node and, for a wait, until when. */
  readonly stands: readonly { readonly at: string; readonly until: number | null }[]
  readonly over: boolean
  /** Why the rest was not read; null when it was read to the end. */
  readonly left: string | null
}

type Walker = {
  at: string
  visit: number
  is: 'ready' | 'waiting' | 'awaiting' | 'acting' | 'gated' | 'joining' | 'stuck'
  until: number | null
  /** The moment that a wait before it has missed, and what becomes of the next message for it. */
  late: number | null
  lateBy: string | null
  /** Names of the messages it waits for, with what became of them. */
  open: Map<string, string | null>
  gate: string | null
  approved: boolean
  arm: { fork: string; visit: number; of?: string } | null
}
type Arm = NonNullable<Walker['arm']>

class Left extends Error {}
const HALF_DAY_MS = 12 * 3_600_000

export function readStory(story: Story): Reading {
  const reader = new Reader(story)
  let left: string | null = null
  try {
    for (const turn of story.turns) reader.take(turn)
  } catch (error) {
    if (!(error instanceof Left)) throw error
    left = error.message
  }
  return { ...reader.reading(), left }
}

class Reader {
  readonly #story: Story
  readonly #visits = new Map<string, number>()
  readonly #rounds = new Map<string, { from: number; taken: number }>()
  readonly #meant: Meant[] = []
  #walkers: Walker[] = []
  /** Of a fork that walks its arms a few at a time: those whose turn has not come. */
  #queued: { readonly node: Node & { kind: 'fork' }; readonly visit: number; items: string[] }[] = []
  #now = 0

  constructor(story: Story) {
    this.#story = story
  }

  reading(): Omit<Reading, 'left'> {
    return {
      meant: this.#meant,
      stands: this.#walkers.map(({ at, until }) => ({ at, until })),
      over: this.#walkers.length === 0,
    }
  }

  take({ at, came }: Turn): void {
    this.#now = at
    if (came.is === 'started') return this.#start()
    if (came.is === 'due') this.#comeDue()
    else if (came.is === 'happened') this.#hear(came.event.type)
    else if (came.is === 'settled') this.#hearOutcome(came.effect, came.outcome)
    else if (came.is === 'task_done' || came.is === 'approval_answered') this.#answer(came)
    this.#walk()
  }

  #start(): void {
    const begin = this.#story.journey.nodes.find((node) => node.kind === 'trigger')!
    const walker = this.#walkerAt(begin.id, null)
    this.#walkers = [walker]
    if (begin.type !== 'date') return this.#leave(walker, 'next')
    this.#visits.set(begin.id, 0)
    const until = momentOf(ruleIn(begin.config?.when)!, this.#now, this.#story.dates)
    walker.is = 'waiting'
    walker.until = until
    if (until !== null && until < this.#now) this.#note(walker, until, ruleIn(begin.config?.when), null)
  }

  #walkerAt(at: string, arm: Walker['arm']): Walker {
    return {
      at,
      visit: 0,
      is: 'ready',
      until: null,
      late: null,
      lateBy: null,
      open: new Map(),
      gate: null,
      approved: false,
      arm,
    }
  }

  #node(id: string): Node {
    return this.#story.journey.nodes.find((node) => node.id === id)!
  }

  /** The way of this exit; the ordinary one is also written without a name. */
  #way(from: Node, exit: string): string | null {
    const ordinary =
      from.kind === 'module' ? 'sent' : from.kind === 'delay' && 'every' in from.wait ? 'again' : 'next'
    const edge = this.#story.journey.edges.find(
      (one) => one.from === from.id && (one.exit ?? ordinary) === exit,
    )
    return edge?.to ?? null
  }

  #leave(walker: Walker, exit: string): void {
    const to = this.#way(this.#node(walker.at), exit)
    if (to === null) {
      this.#walkers = this.#walkers.filter((one) => one !== walker)
      return
    }
    Object.assign(walker, {
      at: to,
      visit: 0,
      is: 'ready',
      until: null,
      gate: null,
      approved: false,
      open: new Map(),
    })
  }

  #ordinary(walker: Walker): void {
    Object.assign(walker, { late: null, lateBy: null })
    this.#leave(walker, this.#node(walker.at).kind === 'module' ? 'sent' : 'next')
  }

  #walk(): void {
    for (let next = this.#ready(); next; next = this.#ready()) {
      next.visit = (this.#visits.get(next.at) ?? 0) + 1
      this.#visits.set(next.at, next.visit)
      this.#enter(next, this.#node(next.at))
      this.#gather()
    }
    this.#gather()
  }

  #ready = (): Walker | undefined => this.#walkers.find((one) => one.is === 'ready')

  #enter(walker: Walker, node: Node): void {
    switch (node.kind) {
      case 'delay':
        return 'every' in node.wait
          ? this.#nextRound(walker, node.id)
          : this.#delay(walker, ruleIn(node.wait)!, node.late)
      case 'await': {
        walker.is = 'awaiting'
        walker.until = momentOf(ruleIn(node.timeout)!, this.#now, this.#story.dates)
        return
      }
      case 'condition': {
        const wanted = JSON.stringify(node.cases)
        if (!wanted.includes('client.fields.budget'))
          throw new Left(`a condition on something else: ${wanted}`)
        return this.#leave(walker, (this.#story.budget ?? 0) >= 10_000 ? node.cases[0]!.exit : 'otherwise')
      }
      case 'split':
        return this.#leave(
          walker,
          armByHash(node.arms, `${this.#story.client}\n${node.id}\n${node.salt ?? ''}`),
        )
      case 'goal':
        this.#walkers = []
        return
      case 'fork': {
        if (node.each) return this.#forEach(walker, node)
        const arm = { fork: node.id, visit: walker.visit }
        this.#walkers = this.#walkers.filter((one) => one !== walker)
        for (const exit of node.arms ?? []) {
          const to = this.#way(node, exit)
          if (to !== null)
            this.#walkers.push({ ...this.#walkerAt(to, arm), late: walker.late, lateBy: walker.lateBy })
        }
        return
      }
      case 'join': {
        if (node.mode === 'all') {
          walker.is = 'joining'
          return
        }
        this.#walkers = this.#walkers.filter((one) => one === walker || one.arm?.fork !== walker.arm?.fork)
        walker.arm = null
        return this.#leave(walker, 'next')
      }
      case 'module':
      case 'action':
        return this.#step(walker, node)
      default:
        throw new Left(`a ${node.kind}`)
    }
  }

  /** One arm for each partner, a few at a time; the next begins when one has come to the join or to its end. */
  #forEach(walker: Walker, node: Node & { kind: 'fork' }): void {
    if (node.each !== 'partner') throw new Left(`for each ${JSON.stringify(node.each)}`)
    const items = this.#story.people.map((one) => one.ref).filter((ref) => ref.startsWith('partner_'))
    this.#walkers = this.#walkers.filter((one) => one !== walker)
    const { late, lateBy } = walker
    const first = items.slice(0, node.atOnceMax ?? 16)
    for (const of of first) this.#spawn(node, walker.visit, of, { late, lateBy })
    if (items.length > first.length)
      this.#queued.push({ node, visit: walker.visit, items: items.slice(first.length) })
  }

  #spawn(node: Node, visit: number, of: string, more: Partial<Walker>): void {
    const to = this.#way(node, 'each')
    if (to !== null) this.#walkers.push({ ...this.#walkerAt(to, { fork: node.id, visit, of }), ...more })
  }

  #beginQueued(): void {
    for (const queue of this.#queued) {
      const inside = (one: Walker): boolean =>
        one.arm?.fork === queue.node.id && one.arm.visit === queue.visit
      const walking = this.#walkers.filter((one) => inside(one) && one.is !== 'joining').length
      for (let free = (queue.node.atOnceMax ?? 16) - walking; free > 0 && queue.items.length > 0; free -= 1)
        this.#spawn(queue.node, queue.visit, queue.items.shift()!, {})
    }
  }

  #gather(): void {
    this.#beginQueued()
    for (const walker of this.#walkers) {
      if (walker.is !== 'joining') continue
      const siblings = this.#walkers.filter((one) => one.arm?.fork === walker.arm?.fork)
      if (siblings.some((one) => one.is !== 'joining')) continue
      if (this.#queued.some((queue) => queue.node.id === walker.arm?.fork && queue.items.length > 0)) continue
      this.#walkers = this.#walkers.filter((one) => one === walker || !siblings.includes(one))
      walker.arm = null
      return this.#leave(walker, 'next')
    }
  }

  // Waits

  #delay(walker: Walker, rule: Rule, late: string | undefined): void {
    const until = momentOf(rule, this.#now, this.#story.dates)
    if (until === null || until > this.#now) return this.#waitUntil(walker, until)
    if (until < this.#now) this.#note(walker, until, rule, late ?? null)
    this.#leave(walker, 'next')
  }

  #waitUntil(walker: Walker, until: number | null): void {
    Object.assign(walker, { is: 'waiting', until, late: null, lateBy: null })
  }

  #note(walker: Walker, late: number, rule: Rule | undefined, by: string | null): void {
    walker.late = late
    walker.lateBy = countsToNothing(rule, this.#now, this.#story.dates) ? 'over' : by
  }

  #nextRound(walker: Walker, id: string): void {
    const node = this.#node(id)
    if (node.kind !== 'delay' || !('every' in node.wait)) return
    const round = this.#rounds.get(id) ?? { from: this.#now, taken: 0 }
    const at = (taken: number): number =>
      momentOf(ruleIn((node as { wait: unknown }).wait)!, round.from, this.#story.dates, taken + 1)!
    while (round.taken < node.wait.timesMax && at(round.taken) < this.#now) round.taken += 1
    if (round.taken >= node.wait.timesMax) {
      this.#rounds.delete(id)
      Object.assign(walker, { late: null, lateBy: null })
      return this.#leave(walker, 'done')
    }
    this.#rounds.set(id, round)
    this.#waitUntil(walker, at(round.taken))
  }

  #comeDue(): void {
    for (const walker of [...this.#walkers]) {
      if (walker.until === null || walker.until > this.#now || !this.#walkers.includes(walker)) continue
      if (this.#now - walker.until > HALF_DAY_MS) throw new Left('an outage of more than half a day')
      const node = this.#node(walker.at)
      if (walker.is === 'awaiting') this.#leave(walker, 'timeout')
      else if (walker.is === 'gated') this.#ordinary(walker)
      else if (walker.is !== 'waiting') continue
      else if (node.kind === 'delay' && 'every' in node.wait) {
        this.#rounds.get(node.id)!.taken += 1
        this.#leave(walker, 'again')
      } else if (node.kind === 'delay' || node.kind === 'trigger') this.#leave(walker, 'next')
      else if (node.kind === 'module') this.#act(walker, node, walker.until)
    }
  }

  // Steps

  #step(walker: Walker, node: Node & { kind: 'module' | 'action' }): void {
    const own = ruleIn(node.when)
    const isBook = node.kind === 'action' && !('webhook' in node.do || 'notify' in node.do)
    if (isBook) return this.#book(walker, node)
    const until = own ? momentOf(own, this.#now, this.#story.dates) : (walker.late ?? this.#now)
    if (until === null || until > this.#now) return this.#waitUntil(walker, until)
    if (until < this.#now) return this.#late(walker, node)
    Object.assign(walker, { late: null, lateBy: null })
    this.#act(walker, node, until)
  }

  #book(walker: Walker, node: Node & { kind: 'action' }): void {
    if (!('task' in node.do && node.do.task.gate)) return this.#leave(walker, 'next')
    Object.assign(walker, { is: 'gated', gate: `task|${node.id}|${walker.visit}`, late: null, lateBy: null })
  }

  /** What is missed: a countdown that is over is worth nothing; else the step's word, then the wait's, then the house's. */
  #late(walker: Walker, node: Node & { kind: 'module' | 'action' }): void {
    const own = ruleIn(node.when)
    const over = own ? countsToNothing(own, this.#now, this.#story.dates) : walker.lateBy === 'over'
    const isNoise = node.kind === 'module' && (node.reminds === true || node.class === 'marketing')
    const said = node.late ?? (walker.lateBy === 'over' ? null : walker.lateBy)
    const policy = over ? 'skip' : (said ?? (isNoise ? 'skip' : 'go_or_merge'))
    if (policy === 'skip' || policy === 'task') return this.#ordinary(walker)
    throw new Left('a catch-up')
  }

  #act(walker: Walker, node: Node & { kind: 'module' | 'action' }, due: number): void {
    if (node.kind === 'module' && node.approval && !walker.approved) {
      const until = momentOf(ruleIn(node.approval.timeout)!, this.#now, this.#story.dates)
      Object.assign(walker, { is: 'gated', gate: `approval|${node.id}|${walker.visit}`, until })
      return
    }
    const messages = node.kind === 'module' ? this.#letters(node, walker.arm) : [this.#notice(node)]
    if (messages.length === 0) return this.#fail(walker, node)
    Object.assign(walker, { is: 'acting', until: null, open: new Map() })
    for (const { ref, ...message } of messages) {
      const name = `${node.id}|${walker.visit}|1|0|${ref}`
      walker.open.set(name, null)
      this.#meant.push({ name, due, ...message })
    }
  }

  #notice(node: Node & { kind: 'action' }) {
    const kind: Meant['kind'] = 'webhook' in node.do ? 'webhook' : 'notify'
    return { ref: kind === 'webhook' ? 'house' : 'member:owner', kind, to: null, subject: null, body: null }
  }

  /** Who can and may be written to; one address is written to once. Nobody here has agreed to advertising. */
  #letters(node: Node & { kind: 'module' }, arm: Arm | null) {
    if (node.class === 'marketing') return []
    const to = node.to === 'each' ? arm?.of : node.to
    const meant = this.#story.people.filter((one) => to === undefined || one.ref === to)
    const first = new Map(
      meant
        .filter((one) => one.email)
        .map((one) => [one.email, one] as const)
        .reverse(),
    )
    const { subject, body } = node.config as { subject: string; body: string }
    return meant
      .filter((one) => one.email && first.get(one.email) === one)
      .map((one) => ({ ref: one.ref, kind: 'email' as const, to: one.email!, subject, body }))
  }

  #fail(walker: Walker, node: Node): void {
    if (node.kind === 'module' && node.onFailure === 'branch') this.#leave(walker, 'failed')
    else this.#leave(walker, node.kind === 'module' ? 'sent' : 'next')
  }

  // What came from outside

  #hear(type: string): void {
    const reached = this.#story.journey.nodes.some((node) => node.kind === 'goal' && node.for.event === type)
    if (reached) this.#walkers = []
    for (const walker of [...this.#walkers]) {
      const node = this.#node(walker.at)
      if (walker.is === 'awaiting' && node.kind === 'await' && node.for.event === type)
        this.#leave(walker, 'happened')
    }
  }

  #hearOutcome(effect: string, outcome: { is: string; exit?: string }): void {
    const walker = this.#walkers.find((one) => one.is === 'acting' && one.open.get(effect) === null)
    if (!walker) return
    if (outcome.is === 'blocked' || outcome.is === 'stale') throw new Left(`an outcome that is ${outcome.is}`)
    walker.open.set(effect, outcome.is)
    const outcomes = [...walker.open.values()]
    if (outcomes.includes(null)) return
    // Nobody can know whether an unresolved one arrived: the walk goes on as if it had.
    if (outcomes.some((one) => one === 'done' || one === 'unresolved'))
      this.#leave(walker, this.#node(walker.at).kind === 'module' ? 'sent' : 'next')
    else this.#fail(walker, this.#node(walker.at))
  }

  #answer(came: { name: string; answer?: string }): void {
    const walker = this.#walkers.find((one) => one.is === 'gated' && one.gate === came.name)
    if (!walker) return
    const node = this.#node(walker.at)
    if (came.answer === undefined) return this.#leave(walker, 'next')
    if (came.answer === 'skipped' || node.kind !== 'module') return this.#ordinary(walker)
    walker.approved = true
    this.#act(walker, node, this.#now)
  }
}
