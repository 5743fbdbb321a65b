import type { Ask, Violate } from './differential.ts'
import type { Couple } from './people.ts'
import type { Line } from './scheduler.ts'

/**
 * Invariant 13, kept in its strongest form: what names a person, or was said by them, lies in no table and no line of
 * the log in plain words, erased or not. Then to destroy a key is to erase.
 */
export async function auditPrivacy(
  ask: Ask,
  couples: readonly Couple[],
  lines: readonly Line[],
  violate: Violate,
): Promise<void> {
  const words = [
    ...new Set(
      couples.flatMap(({ people, vendor }) => [
        ...people.flatMap((one) => [one.name, ...(one.email ? [one.email] : [])]),
        `${vendor.canary} vegan`,
        `${vendor.canary} thank you`,
        `${vendor.canary} got it`,
      ]),
    ),
  ]
  if (words.length === 0) return
  const either = words.map((word) => word.replaceAll(/[.+*?()[\]{}|\\^$]/g, '\\$&')).join('|')
  // Bytes are shown as hex: words that were stored as they are stand there as well.
  const hex = words.map((word) => Buffer.from(word).toString('hex')).join('|')
  tables ??= (
    await ask<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and not c.relispartition and n.nspname = 'app' order by 1`,
    )
  ).map((row) => row.name)
  // One text for all worlds: it is planned once.
  const found = await ask<{ name: string }>(
    tables
      .map((name) => `select '${name}' as name where exists (select from ${name} t where t::text ~ $1)`)
      .join(' union all '),
    [`${either}|${hex}`],
  )
  for (const { name } of found) violate('13 privacy', `${name} holds a couple's words unsealed`)
  const told = new RegExp(either)
  for (const line of lines)
    if (told.test(line.what))
      violate('13 privacy', `a line of the log tells of a couple: ${line.what.slice(0, 120)}`)
}
let tables: string[] | null = null
