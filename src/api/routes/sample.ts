import { loadSample, readSample, removeSample, type SampleState } from '../../contract/sample.ts'
import type { VendorId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import { isSample } from '../../core/sample.ts'
import type { Engine } from '../../engine/engine.ts'
import { closeForErasure, eraseSoon, erasuresUnderWay } from '../../engine/erase-sample.ts'
import { fillSample, openSample } from '../../sample/load.ts'
import { isBeingFilled } from '../../store/erasure.ts'
import { deleteMember, type Membership, membershipsOf, samplesBegunBy } from '../../store/members.ts'
import { persons, type Route } from '../frame/route.ts'

/** How far it is, by who waits for it. In this process alone: another one only knows that it is being loaded. */
type UnderWay = Map<string, { done: number }>
const shareOf = (gone: number, total: number): number => Math.min(1, gone / Math.max(1, total))
const NONE: SampleState = { is: 'none', vendor: null, done: 0 }
const CUT_OFF: SampleState = { ...NONE, is: 'cut_off' }

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
    const [begun] = await samplesBegunBy(engine.db, login)
    if (begun) return (await isFilling(engine, begun.vendor_id)) ? { ...NONE, is: 'loading' } : CUT_OFF
    const going = (await erasuresUnderWay(engine)).find((erasure) => erasure.asked_by === login)
    return going ? { is: 'removing', vendor: null, done: shareOf(going.gone, going.total) } : NONE
  }

  const load = async (engine: Engine, who: { login: string; name: string; email: string }): Promise<void> => {
    const progress = { done: 0 }
    underWay.set(who.login, progress)
    try {
      for (const one of await samplesBegunBy(engine.db, who.login)) await remove(engine, one, who.login)
      const vendor = await openSample(engine, who)
      await fillSample(engine, vendor, (done) => {
        progress.done = Math.min(1, Math.max(0, done))
      })
    } finally {
      underWay.delete(who.login)
    }
  }

  return [
    persons(readSample, ({ engine, who }) => stateFor(engine, who.person.login)),
    persons(loadSample, async ({ engine, who, count }) => {
      const { login, name, email } = who.person
      const state = await stateFor(engine, login)
      if (state.is !== 'none' && state.is !== 'cut_off')
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
      const { login } = who.person
      const { is } = await stateFor(engine, login)
      const samples =
        is === 'cut_off' ? await samplesBegunBy(engine.db, login) : await samplesOf(engine, login)
      if (samples.length === 0) throw new Refusal('not_found', 'You have no sample studio.')
      for (const one of samples) await remove(engine, one, login)
      return stateFor(engine, login)
    }),
  ]
}

const isFilling = (engine: Engine, vendor: VendorId): Promise<boolean> =>
  engine.db.tx('sample.filling', { vendors: [vendor] }, (sql) => isBeingFilled(sql, vendor))

/** Whoever works for it lets go of it, it closes, and its rows are removed. */
async function remove(engine: Engine, one: Membership, login: string): Promise<void> {
  const vendor = one.vendor_id as VendorId
  const erasure = await engine.db.tx('sample.remove', { vendors: [vendor] }, async (sql) => {
    await deleteMember(sql, vendor, one.member_id)
    return closeForErasure(engine, sql, vendor, login)
  })
  eraseSoon(engine, erasure)
}
