import { createHash } from 'node:crypto'
import { type Instant, instant, isoOf } from '../src/core/time/instant.ts'
import type { Dice } from './dice.ts'

/**
 * Time and order of one world. Every port call of every process parks its continuation here; the scheduler draws
 * which one goes on. It owns who runs next, what time it is, and who is dead; its neighbours own what a call means.
 *
 *  S1 One continuation runs at a time, until it parks again: between two draws nothing of any process is running.
 *  S2 What a library does in real time (PGlite) is waited for before the next draw: real timing decides nothing.
 *  S3 A dead process never goes on. Its continuations are dropped, its open transaction rolls back.
 *  S4 When nobody can go on, the clock jumps to the next timer; time never runs backwards but by a drawn step.
 */
export type Process = {
  readonly name: string
  /** It runs the release before this one. */
  readonly older: boolean
  dead: boolean
  /** Not run before this moment: stopped, asleep, or collecting garbage. */
  frozenUntil: number
  /** How far its clock is off, and how far it says it may be. */
  skewMs: number
  uncertaintyMs: number
  /** Called when it dies: open transactions end. */
  readonly atDeath: Set<() => void>
}

export type Parked = {
  readonly process: Process
  readonly label: string
  readonly may: () => boolean
  readonly go: () => void
}
type Timer = { at: number; readonly order: number; readonly idle: boolean; readonly parked: Parked }

/** What is told of a world when it failed. */
export type Line = { readonly at: Instant; readonly who: string; readonly what: string }

const LINES_KEPT_MAX = 6_000
/** Longest part of a step that virtual time takes by itself. */
const STEP_MS_MAX = 3
/**
 * A worker that may not take what is due looks again every 20 ms and is woken when it may; playing all these looks
 * would be most of a world's steps.
 */
const TICK_MS_MIN = 200
const IDLE = new Set(['sweep', 'tick', 'heartbeat'])

export class Scheduler {
  readonly dice: Dice
  readonly lines: Line[] = []
  steps = 0
  /** Port calls of mortal processes so far: the places a crash can be put at. */
  calls = 0
  busy = 0
  #now: number
  #order = 0
  #parked: Parked[] = []
  #timers: Timer[] = []
  readonly #trace = createHash('sha256')
  onCall: (process: Process, label: string) => void = () => undefined

  constructor(dice: Dice, start: Instant) {
    this.dice = dice
    this.#now = start
  }

  get now(): Instant {
    return instant(Math.floor(this.#now))
  }

  process(name: string, older = false): Process {
    return { name, older, dead: false, frozenUntil: 0, skewMs: 0, uncertaintyMs: 5, atDeath: new Set() }
  }

  /** Parks until drawn. Never settles for a process that has died meanwhile. */
  point(process: Process, label: string, may: () => boolean = () => true): Promise<void> {
    return new Promise((resolve) => {
      if (process.dead) return
      this.calls += 1
      this.#parked.push({ process, label, may, go: resolve })
      this.onCall(process, label)
    })
  }

  /** Sleeps until the process's own clock shows this moment. */
  sleep(process: Process, until: number, label: string, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (process.dead) return
      const parked: Parked = { process, label: `sleep ${label}`, may: () => true, go: resolve }
      const wakes = until - process.skewMs
      const at = label === 'tick' ? Math.max(wakes, this.#now + TICK_MS_MIN) : wakes
      const timer = { at, order: this.#order++, idle: IDLE.has(label), parked }
      if (signal?.aborted) this.#parked.push(parked)
      else this.#timers.push(timer)
      signal?.addEventListener('abort', () => {
        if (!this.#timers.includes(timer)) return
        this.#timers = this.#timers.filter((one) => one !== timer)
        this.#parked.push(parked)
      })
    })
  }

  /** Something that arrives at a process after a while: a ring, a reply, a restart. */
  post(process: Process, label: string, afterMs: number, go: () => void): void {
    this.#timers.push({
      at: this.#now + afterMs,
      order: this.#order++,
      idle: false,
      parked: { process, label, may: () => true, go },
    })
  }

  kill(process: Process): void {
    process.dead = true
    this.#parked = this.#parked.filter((one) => one.process !== process)
    this.#timers = this.#timers.filter((one) => one.parked.process !== process)
    for (const end of process.atDeath) end()
    process.atDeath.clear()
    this.tell(process.name, 'dies')
  }

  /** Takes out what was to arrive, for example all the rings of a queue that was emptied. */
  forget(label: string): void {
    this.#timers = this.#timers.filter((one) => one.parked.label !== label)
  }

  /** Takes out what was parked by something that is over, for example a transaction whose connection is lost. */
  drop(of: (parked: Parked) => boolean): void {
    this.#parked = this.#parked.filter((one) => !of(one))
  }

  tell(who: string, what: string): void {
    this.#trace.update(`${this.#now}|${who}|${what}\n`)
    if (this.lines.length < LINES_KEPT_MAX) this.lines.push({ at: this.now, who, what })
  }

  note(what: string): void {
    this.#trace.update(what)
  }

  hash(): string {
    return this.#trace.copy().digest('hex').slice(0, 24)
  }

  /** Moves the database's own clock, as an administrator or NTP would. */
  stepClock(byMs: number): void {
    this.#now += byMs
  }

  /** One draw. False when nobody is left who could ever go on. */
  async step(): Promise<boolean> {
    this.#wake()
    let able = this.#able()
    if (able.length === 0) {
      const next = this.nextTimer()
      if (next === null) return false
      this.#now = Math.max(this.#now, next)
      this.#wake()
      able = this.#able()
      if (able.length === 0) return true
    }
    const chosen = able[this.dice.int(0, able.length - 1)]!
    this.#parked.splice(this.#parked.indexOf(chosen), 1)
    this.steps += 1
    this.#now += this.dice.int(0, STEP_MS_MAX)
    this.#trace.update(`${this.#now}|${chosen.process.name}|${chosen.label}\n`)
    chosen.go()
    await this.settled()
    return true
  }

  /** Resolves when every continuation has parked and no library is at work (S1, S2). */
  async settled(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve))
    while (this.busy > 0)
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** When somebody wakes who is able to; null when only the dead and the idle are left to wait for. */
  nextTimer(): number | null {
    let next: number | null = null
    for (const { at, parked } of this.#timers) {
      const wakes = Math.max(at, parked.process.frozenUntil)
      if (next === null || wakes < next) next = wakes
    }
    for (const { process, may } of this.#parked) {
      if (!may() || process.frozenUntil <= this.#now) continue
      if (next === null || process.frozenUntil < next) next = process.frozenUntil
    }
    return next
  }

  /** When nothing but the loops of idle workers is under way: the moment the first of something else comes. */
  quietUntil(): { readonly quiet: boolean; readonly until: number | null } {
    this.#wake()
    let until: number | null = null
    const sooner = (at: number): void => {
      if (until === null || at < until) until = at
    }
    for (const { process } of this.#parked) {
      if (process.frozenUntil <= this.#now) return { quiet: false, until: null }
      sooner(process.frozenUntil)
    }
    for (const { at, idle, parked } of this.#timers) {
      if (parked.process.frozenUntil > this.#now) sooner(parked.process.frozenUntil)
      else if (!idle) sooner(at)
    }
    return { quiet: true, until }
  }

  /** Folds a quiet stretch: idle loops lie as far ahead of the new now as they did of the old one. */
  fold(byMs: number): void {
    this.#now += byMs
    for (const timer of this.#timers) if (timer.idle) timer.at += byMs
  }

  #wake(): void {
    if (!this.#timers.some((timer) => timer.at <= this.#now)) return
    const due = this.#timers.filter((timer) => timer.at <= this.#now)
    this.#timers = this.#timers.filter((timer) => timer.at > this.#now)
    due.sort((a, b) => a.at - b.at || a.order - b.order)
    this.#parked.push(...due.map((timer) => timer.parked))
  }

  #able(): Parked[] {
    return this.#parked.filter((one) => one.process.frozenUntil <= this.#now && one.may())
  }
}

export const tellLine = (line: Line): string => `${isoOf(line.at)}  ${line.who.padEnd(12)} ${line.what}`
