import { loadSample, readSample, removeSample, type SampleState } from '../../contract/sample.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { isSample } from '../../core/sample.ts'
import type { Engine } from '../../engine/engine.ts'
import { closeForErasure, eraseSoon, erasuresUnderWay } from '../../engine/erase-sample.ts'
import { openBusiness } from '../../engine/members.ts'
import { fillSample, openSample, SAMPLE_BUSINESS } from '../../sample/load.ts'
import { deleteMember, type Membership, membershipsOf } from '../../store/members.ts'
import { persons, type Route } from '../frame/route.ts'

/** How far it is, by who waits for it. In this process alone: another one says "none" until it is ready. */
type UnderWay = Map<string, { done: number }>
const shareOf = (gone: number, total: number): number => Math.min(1, gone / Math.max(1, total))
const NONE: SampleState = { is: 'none', vendor: null, done: 0 }

async function samplesOf(engine: Engine, login: string): Promise<Membership[]> {
  return (await membershipsOf(engine.db, login)).filter((one) => isSample(one.vendor_id))
}

export function sampleRoutes(): readonly Route[] {
  const underWay: UnderWay = new Map()

  const stateFor = async (engine: Engine, login: string): Promise<SampleState> => {
    const [one] = await samplesOf(engine, login)
    if (one) return { is: 'ready', vendor: one.vendor_id, done: 1 }
    const loading = underWay.get(login)
    if (loading) return { is: 'loading', vendor: null, done: loading.done }
    const going = (await erasuresUnderWay(engine)).find((erasure) => erasure.asked_by === login)
    return going ? { is: 'removing', vendor: null, done: shareOf(going.gone, going.total) } : NONE
  }

  const load = async (engine: Engine, who: { login: string; name: string; email: string }): Promise<void> => {
    const progress = { done: 0 }
    underWay.set(who.login, progress)
    try {
      const vendor = await openSample(engine)
      await fillSample(engine, vendor, (done) => {
        progress.done = Math.min(1, Math.max(0, done))
      })
      const member = engine.rng.uuid7(engine.clock.now())
      await openBusiness(engine, { ...SAMPLE_BUSINESS, id: vendor }, { ...who, member })
    } finally {
      underWay.delete(who.login)
    }
  }

  return [
    persons(readSample, ({ engine, who }) => stateFor(engine, who.person.login)),
    persons(loadSample, async ({ engine, who, count }) => {
      const { login, name, email } = who.person
      const state = await stateFor(engine, login)
      if (state.is !== 'none')
        throw new Refusal(
          'conflict',
          state.is === 'removing'
            ? 'Your sample studio is still being removed. Wait a moment.'
            : 'You have a sample studio already. Remove it to have a new one.',
        )
      await count('account', login)
      load(engine, { login, name, email }).catch((error: unknown) =>
        engine.log.error('a sample studio could not be loaded', { error: String(error) }),
      )
      return { ...NONE, is: 'loading' as const }
    }),
    persons(removeSample, async ({ engine, who }) => {
      const samples = await samplesOf(engine, who.person.login)
      if (samples.length === 0) throw new Refusal('not_found', 'You have no sample studio.')
      for (const one of samples) await remove(engine, one, who.person.login)
      return stateFor(engine, who.person.login)
    }),
  ]
}

/** Whoever works for it lets go of it, it closes, and its rows are removed. */
async function remove(engine: Engine, one: Membership, login: string): Promise<void> {
  const vendor = one.vendor_id as VendorId
  const erasure = await engine.db.tx('sample.remove', { vendors: [vendor] }, async (sql) => {
    await deleteMember(sql, vendor, one.member_id)
    return closeForErasure(engine, sql, vendor, login)
  })
  eraseSoon(engine, erasure)
}
