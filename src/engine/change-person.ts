import type { ClientId, VendorId } from '../core/ids.ts'
import type { MessageClass } from '../core/wedding/policy.ts'
import type { Sql } from '../ports.ts'
import { readDress } from '../store/brand.ts'
import { insertConsents } from '../store/consents.ts'
import { insertPersons, updatePerson } from '../store/people.ts'
import { asDialled, sealPerson } from './clients.ts'
import type { Engine } from './engine.ts'
import type { NamedClient } from './find-clients.ts'
import { personPlace } from './jobs.ts'
import { sealJson } from './views.ts'

/** One person of a couple as they are to be, with a record of every leave that was given or taken. */
export type PersonAsWritten = {
  readonly name: string
  readonly email: string | null
  readonly phone: string | null
  readonly may?: {
    readonly email: readonly MessageClass[]
    readonly sms: readonly MessageClass[]
  }
}
const CHANNELS = ['email', 'sms'] as const

/** Gives what is another now, in words for the audit and never with what it is. */
export async function savePersonIn(
  engine: Engine,
  sql: Sql,
  vendor: VendorId,
  client: ClientId,
  known: NamedClient['people'][number] | undefined,
  ref: string,
  wanted: PersonAsWritten,
  by: string,
): Promise<string[]> {
  const { name, email } = wanted
  const region = (await readDress(sql, vendor))?.region ?? ''
  const phone = wanted.phone === null ? null : asDialled(wanted.phone, region)
  if (!known) {
    const { may } = wanted
    const person = { ref, name, ...(email && { email }), ...(phone && { phone }), ...(may && { may }) }
    await insertPersons(sql, [await sealPerson(engine, vendor, client, person, region)])
    return ['added']
  }
  const may = wanted.may ?? known.may
  const firstName = name === known.name ? known.firstName : (name.split(' ')[0] ?? name)
  const marks = {
    email: email ? await engine.vault.mark(vendor, 'email', email) : null,
    sms: phone ? await engine.vault.mark(vendor, 'phone', phone) : null,
  }
  await updatePerson(sql, {
    vendor_id: vendor,
    client_id: client,
    person_id: known.id,
    ref,
    sealed: await sealJson(engine.vault, personPlace(vendor, known.id), { name, firstName, email, phone }),
    email_mark: marks.email,
    phone_mark: marks.sms,
    may,
  })
  const now = engine.clock.now()
  const leaves = CHANNELS.flatMap((channel) =>
    changedLeaves(known.may[channel] ?? [], may[channel] ?? []).map((leave) => ({ ...leave, channel })),
  )
  await insertConsents(
    sql,
    leaves.flatMap((leave) => {
      // Leave is given for an address; without one there is nothing it could be about.
      const mark = marks[leave.channel]
      return mark
        ? [{ ...leave, vendor, id: engine.rng.uuid7(now), mark, source: `by_vendor by ${by}`, at: now }]
        : []
    }),
  )
  return [
    ...(name === known.name ? [] : ['name']),
    ...(email === known.email ? [] : ['email']),
    ...(phone === known.phone ? [] : ['phone']),
    ...(leaves.length === 0 ? [] : ['may']),
  ]
}

function changedLeaves(before: readonly string[], after: readonly string[]) {
  return [
    ...after.filter((one) => !before.includes(one)).map((one) => ({ class: one, granted: true })),
    ...before.filter((one) => !after.includes(one)).map((one) => ({ class: one, granted: false })),
  ]
}
