import type { JsonObject } from '../core/ids.ts'
import type { EffectRow } from '../store/effects.ts'
import type { Engine } from './engine.ts'
import { FORM_LETTER, withFormLink } from './form-links.ts'
import type { Job } from './jobs.ts'
import { openJson, sealJson, unlessErased } from './views.ts'

/** A message that may leave: rendered, or as it was frozen with an earlier attempt. */
export type Ready = {
  readonly job: Job
  readonly content: JsonObject
  /** There for what has never been attempted: frozen with the intent. */
  readonly fresh: { readonly sealed: Uint8Array; readonly hash: Uint8Array } | null
}
export type Unready = { readonly job: Job; readonly cause: string; readonly detail: string }

/** Renders what has never been attempted, opens what is frozen; outside any transaction. */
export async function prepareAll(
  engine: Engine,
  jobs: readonly Job[],
): Promise<{ ready: Ready[]; unready: Unready[] }> {
  const rendered = await Promise.all(
    jobs.map(async (job) => (await unlessErased(() => render(engine, job))) ?? erased(job)),
  )
  const made = rendered.filter((one): one is Rendered => 'content' in one)
  // Sealed together, so that the keys of all these clients are asked for in one statement.
  const sealed = await Promise.all(
    made.map(async (one) => (await unlessErased(() => seal(engine, one))) ?? erased(one.job)),
  )
  return {
    ready: sealed.filter((one): one is Ready => 'content' in one),
    unready: [...rendered, ...sealed].filter((one): one is Unready => 'cause' in one),
  }
}

/** Their key was destroyed: there is nobody to write to, and nothing could be kept of what was written. */
const erased = (job: Job): Unready => ({
  job,
  cause: 'erased',
  detail: 'Whoever it is for was erased. Nothing is left to write with.',
})

type Rendered = { readonly job: Job; readonly content: JsonObject; readonly hash: Uint8Array | null }

async function render(engine: Engine, job: Job): Promise<Rendered | Unready> {
  if (job.erased) return erased(job)
  if (job.frozen)
    return { job, content: await openJson(engine.vault, contentPlace(job.effect), job.frozen), hash: null }
  const asked = await withLink(engine, job)
  if ('cause' in asked) return asked
  const prepared = await engine.senders.prepare(asked)
  switch (prepared.is) {
    case 'ready':
      if (prepared.heldBack) return { job, ...prepared.heldBack }
      return { job, content: prepared.content, hash: prepared.hash }
    case 'unresolved':
      return { job, cause: 'unresolved_field', detail: `No value for ${prepared.fields.join(', ')}.` }
    case 'broken':
      return { job, cause: 'cannot_render', detail: `The message could not be made: ${prepared.cause}.` }
  }
}

/** The words of this message; one that carries a form has a link of its own. */
async function withLink(engine: Engine, job: Job): Promise<Job['prepare'] | Unready> {
  if (job.effect.kind !== FORM_LETTER) return job.prepare
  const { config, facts } = job.prepare
  const linked = await withFormLink(engine, job.effect, config, facts)
  if ('missing' in linked) return { job, cause: 'cannot_render', detail: linked.missing }
  return { ...job.prepare, facts: linked.facts }
}

async function seal(engine: Engine, { job, content, hash }: Rendered): Promise<Ready> {
  if (hash === null) return { job, content, fresh: null }
  return {
    job,
    content,
    fresh: { sealed: await sealJson(engine.vault, contentPlace(job.effect), content), hash },
  }
}

export const contentPlace = (effect: Pick<EffectRow, 'vendor_id' | 'client_id' | 'effect_id'>) =>
  ({
    vendor: effect.vendor_id,
    subject: effect.client_id,
    table: 'effect_content',
    row: effect.effect_id,
    column: 'sealed',
  }) as const
