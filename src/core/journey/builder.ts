import type { JsonObject } from '../ids.ts'
import { Refusal } from '../refusal.ts'
import type { Deadline } from '../wedding/policy.ts'
import type { SingleWaitRule, WaitRule } from '../wedding/wait-rule.ts'
import type { Condition, EventPattern } from './condition.ts'
import type { Action, Journey, NodeOf, RecipientRule, Reentry } from './graph.ts'
import { parse } from './parse.ts'
import { type Phrase, parsePhrase } from './phrase.ts'

/**
 * Journeys written in TypeScript. The result is the same document as the JSON; the builder only makes wrong
 * graphs hard to write: steps follow one another, every decision names its branches, and what a branch leaves
 * open flows on to the next step, so there are no edges to forget. The first argument is always the node's id,
 * chosen by the author: it survives every edit, and running couples are found by it.
 */
export function journey(name: string, settings: Settings): { on: On } {
  return {
    on: (type, config, more = {}) => {
      const draft: Draft = { name, settings, nodes: [], edges: [] }
      const { id = 'begin', ...rest } = more
      return new Path(draft, []).step(id, { kind: 'trigger', type, ...(config && { config }), ...rest }, [
        'next',
      ])
    },
  }
}

export type Settings = {
  readonly category: string
  readonly reentry: Reentry
  readonly description?: string
  readonly leaveOn?: Journey['leaveOn']
  readonly onWeddingCancelled?: Journey['onWeddingCancelled']
}
type On = (type: string, config?: JsonObject, more?: { id?: string; if?: Condition; name?: string }) => Path

/** A path that goes on, or one that has ended: after `end` there is nothing to call but `build`. */
export type Ended = { build(): Journey }
export type Branch = (path: Path) => Ended

export type When = Phrase | WaitRule
type Named = { readonly name?: string; readonly phase?: string }
type ModuleNode = NodeOf<'module'>
export type MessageOptions = Named & {
  readonly to?: RecipientRule
  readonly class?: ModuleNode['class']
  readonly when?: When
  readonly late?: ModuleNode['late']
  readonly move?: ModuleNode['move']
  readonly deadline?: Phrase | Deadline
  readonly windows?: ModuleNode['windows']
  readonly asksForAnswer?: boolean
  readonly reminds?: boolean
  readonly approval?: { readonly by?: 'owner' | 'manager' | 'assistant'; readonly timeout: When }
  readonly band?: ModuleNode['band']
  readonly onFailure?: ModuleNode['onFailure']
}
export type EmailText = {
  readonly subject: string
  readonly body: string
  readonly preheader?: string
  readonly link?: { readonly label: string; readonly url: string }
}
/** What the builder must know of a module type to type its exits; every registered type is one. */
export type ModuleRef<Exit extends string = string> = {
  readonly type: string
  readonly version: number
  readonly exits: readonly [Exit, ...Exit[]]
}
export const EMAIL = { type: 'email', version: 1, exits: ['sent', 'refused'] } as const satisfies ModuleRef

type Draft = {
  readonly name: string
  readonly settings: Settings
  readonly nodes: ({ id: string } & Record<string, unknown>)[]
  readonly edges: OpenEnd[]
}
type OpenEnd = { readonly from: string; readonly exit: string; readonly to?: string }

export class Path implements Ended {
  readonly #draft: Draft
  #open: readonly OpenEnd[]

  constructor(draft: Draft, open: readonly OpenEnd[]) {
    this.#draft = draft
    this.#open = open
  }

  // Steps

  email(id: string, email: EmailText & MessageOptions): this {
    const { subject, body, preheader, link, ...options } = email
    const config = { subject, body, ...(preheader && { preheader }), ...(link && { link }) }
    return this.module(EMAIL, id, config, options)
  }

  /** Any module type. The ordinary exit flows on; the others end unless a branch is given. */
  module<Exit extends string>(
    type: ModuleRef<Exit>,
    id: string,
    config: JsonObject,
    options: MessageOptions = {},
    branches: { readonly [One in Exit | 'failed']?: Branch } = {},
  ): this {
    const { when, deadline, approval, ...rest } = options
    const [ordinary] = type.exits
    this.step(id, {
      kind: 'module',
      type: type.type,
      version: type.version,
      config,
      ...rest,
      ...(when && { when: ruleOf(when) }),
      ...(deadline && { deadline: deadlineOf(deadline) }),
      ...(approval && { approval: { ...approval, timeout: ruleOf(approval.timeout) } }),
    })
    return this.#branch(id, { [ordinary]: undefined, ...branches })
  }

  wait(id: string, when: When, more: Named & Pick<NodeOf<'delay'>, 'late' | 'move'> & Clock = {}): this {
    const { at, zone, ...rest } = more
    const wait = { ...ruleOf(when), ...(at && { at }), ...(zone && { zone }) }
    return this.step(id, { kind: 'delay', wait, ...rest }, ['next'])
  }

  /** Walks the round again and again; the round leads back by itself, and the path goes on when it is over. */
  repeat(id: string, every: `every ${string}` | WaitRule, round: Branch, more: Named = {}): this {
    this.step(id, { kind: 'delay', wait: ruleOf(every), ...more })
    const back = this.#walk([{ from: id, exit: 'again' }], round)
    this.#connect(back, id)
    return this.#goOn([{ from: id, exit: 'done' }])
  }

  waitFor(
    id: string,
    pattern: EventPattern,
    timeout: When,
    branches: { readonly happened?: Branch; readonly timeout: Branch },
    more: Named & { alsoPast?: boolean } = {},
  ): this {
    this.step(id, { kind: 'await', for: pattern, timeout: ruleOf(timeout), ...more })
    return this.#branch(id, { happened: branches.happened, timeout: branches.timeout })
  }

  /** Cases in the order they are written; the first that holds is taken. What has no branch flows on. */
  condition(
    id: string,
    cases: { readonly [exit: string]: { readonly if: Condition; readonly go?: Branch } },
    otherwise?: Branch,
    more: Named = {},
  ): this {
    const list = Object.entries(cases)
    this.step(id, { kind: 'condition', cases: list.map(([exit, one]) => ({ exit, if: one.if })), ...more })
    return this.#branch(id, { ...Object.fromEntries(list.map(([exit, one]) => [exit, one.go])), otherwise })
  }

  split(
    id: string,
    arms: { readonly [exit: string]: { readonly weight: number; readonly go?: Branch } },
    more: Named & { salt?: string; measure?: string } = {},
  ): this {
    const list = Object.entries(arms)
    this.step(id, { kind: 'split', arms: list.map(([exit, { weight }]) => ({ exit, weight })), ...more })
    return this.#branch(id, Object.fromEntries(list.map(([exit, one]) => [exit, one.go])))
  }

  action(id: string, act: Action, more: Named & { when?: When; late?: ModuleNode['late'] } = {}): this {
    const { when, ...rest } = more
    return this.step(id, { kind: 'action', do: act, ...rest, ...(when && { when: ruleOf(when) }) }, ['next'])
  }

  task(
    id: string,
    title: string,
    more: Named & { when?: When; due?: When; role?: 'owner' | 'manager' | 'assistant'; gate?: boolean } = {},
  ): this {
    const { due, role, gate, ...rest } = more
    const task = {
      title,
      ...(role && { role }),
      ...(due && { due: ruleOf(due) }),
      ...(gate !== undefined && { gate }),
    }
    return this.action(id, { task }, { ...rest, ...(rest.when && { late: 'send_now' as const }) })
  }

  approval(
    id: string,
    ask: string,
    timeout: When,
    branches: { readonly approved?: Branch; readonly skipped?: Branch; readonly timeout: Branch },
    more: Named & { by?: 'owner' | 'manager' | 'assistant' } = {},
  ): this {
    this.step(id, { kind: 'approval', ask, timeout: ruleOf(timeout), ...more })
    return this.#branch(id, {
      approved: branches.approved,
      skipped: branches.skipped,
      timeout: branches.timeout,
    })
  }

  /** Walks all arms side by side; what they leave open meets in the join. */
  fork(id: string, arms: { readonly [arm: string]: Branch }, join: Join): this {
    this.step(id, { kind: 'fork', arms: Object.keys(arms) })
    return this.#branch(id, arms).step(join.id, { kind: 'join', mode: join.mode }, ['next'])
  }

  /** Walks one body for each partner, vendor of the wedding, or guest of a list. */
  forEach(
    id: string,
    each: NonNullable<NodeOf<'fork'>['each']>,
    body: Branch,
    join: Join & { atOnceMax?: number },
  ): this {
    this.step(id, { kind: 'fork', each, ...(join.atOnceMax && { atOnceMax: join.atOnceMax }) })
    return this.#branch(id, { each: body }).step(join.id, { kind: 'join', mode: join.mode }, ['next'])
  }

  /** Reaching it from anywhere completes the run, so it stands beside the path, not in it. */
  goal(id: string, pattern: EventPattern, more: Named = {}): this {
    this.#add(id, { kind: 'goal', for: pattern, ...more })
    return this
  }

  end(id: string, more: Named = {}): Ended {
    return this.step(id, { kind: 'end', ...more })
  }

  /** The document. Throws a Refusal that names every mistake the types could not prevent. */
  build(): Journey {
    const { name, settings, nodes, edges } = this.#draft
    const parsed = parse(structuredClone({ format: 1, name, ...settings, nodes, edges }))
    if (parsed.ok) return parsed.journey
    const sentences = parsed.problems.map((problem) => `${problem.path}: ${problem.message}`).join('\n')
    throw new Refusal('journey_invalid', `"${name}" is not a journey yet.\n${sentences}`, {}, parsed.problems)
  }

  /** Puts any node here; the exits named flow on. */
  step(id: string, node: Record<string, unknown>, exits: readonly string[] = []): this {
    this.#add(id, node)
    this.#connect(this.#open, id)
    return this.#goOn(exits.map((exit) => ({ from: id, exit })))
  }

  #add(id: string, node: Record<string, unknown>): void {
    if (this.#draft.nodes.some((one) => one.id === id)) {
      throw new Refusal('journey_invalid', `"${id}" is taken by another node. Give each its own id.`, { id })
    }
    this.#draft.nodes.push({ id, ...node })
  }

  #connect(ends: readonly OpenEnd[], to: string): void {
    this.#draft.edges.push(...ends.map((end) => ({ ...end, to })))
  }

  #branch(id: string, branches: { readonly [exit: string]: Branch | undefined }): this {
    const open = Object.entries(branches).flatMap(([exit, branch]) =>
      this.#walk([{ from: id, exit }], branch),
    )
    return this.#goOn(open)
  }

  /** Builds a branch on a path of its own and gives what it leaves open. */
  #walk(from: readonly OpenEnd[], branch: Branch | undefined): readonly OpenEnd[] {
    const path = new Path(this.#draft, from)
    branch?.(path)
    return path.#open
  }

  #goOn(open: readonly OpenEnd[]): this {
    this.#open = open
    return this
  }
}

type Clock = { readonly at?: `${number}:${number}`; readonly zone?: 'venue' | 'vendor' | 'couple' }
type Join = { readonly id: string; readonly mode: 'all' | 'first' }

function ruleOf(when: When | `every ${string}`): WaitRule {
  if (typeof when !== 'string') return when
  const read = parsePhrase(when)
  if (!read.ok) throw new Refusal('journey_invalid', read.problem)
  return read.rule
}

function deadlineOf(when: Phrase | Deadline): Deadline {
  const rule = ruleOf(when as When) as SingleWaitRule
  if ('before' in rule) return rule
  if ('after' in rule && rule.of !== undefined && rule.of !== 'now') return { ...rule, of: rule.of }
  throw new Refusal('journey_invalid', `A deadline hangs on a date: "2 days before wedding at 18:00".`)
}
