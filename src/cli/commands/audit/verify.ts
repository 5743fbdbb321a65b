import type { Command } from 'commander'
import type { VendorId } from '../../../core/ids.ts'
import { Refusal } from '../../../core/refusal.ts'
import { isoOf } from '../../../core/time/instant.ts'
import { checkRecord, type RecordCheck } from '../../../engine/seal-audit.ts'
import type { Anchor } from '../../../store/audit-seals.ts'
import { allVendors } from '../../../store/journeys.ts'
import { watched } from '../../progress.ts'
import { ofVendor, teach } from '../../teach.ts'
import { count, EXIT, give, onOutput } from '../../terminal.ts'
import { readTextFile } from '../../text-file.ts'
import { vendorFor } from '../../whose.ts'
import { withHouse } from '../../with-house.ts'

export function auditVerify(group: Command): void {
  teach(
    ofVendor(
      group
        .command('verify')
        .description(
          'Compare the record of changes with its seals: a row that was edited, taken out or slipped in is named. Exit code 1 when there is one.',
        )
        .option(
          '--anchors <file>',
          'a log of this installation, kept elsewhere: its seals must still be here',
        ),
    ),
    {
      examples: ['wedsync audit verify', 'wedsync audit verify --anchors /var/log/wedsync.log --json'],
      next: 'a backup from before tells what the row was; who may write to the database is the next question.',
      more: 'Without --vendor the records of all vendors are compared.',
    },
  ).action((options: { json?: boolean; vendor?: string; anchors?: string }) =>
    withHouse(async ({ engine }) => {
      const anchors = options.anchors === undefined ? [] : anchorsIn(options.anchors)
      const vendors =
        options.vendor === undefined
          ? (await allVendors(engine.db)).map((row) => ({ id: row.vendor_id, name: row.name }))
          : [await vendorFor(engine, options.vendor)]
      const told: { readonly vendor: VendorId; readonly name: string; readonly check: RecordCheck }[] = []
      await watched('Comparing the records of vendors', async (tell) => {
        for (const { id, name } of vendors) {
          const done = told.length
          const check = await checkRecord(engine, id, anchors, (place, of) =>
            tell(done, vendors.length, `Comparing the record of ${name}, seal ${place} of ${of}`),
          )
          told.push({ vendor: id, name, check })
          tell(told.length, vendors.length)
        }
      })
      if (told.some(({ check }) => check.found > 0)) process.exitCode = EXIT.problems
      give(
        options.json,
        told.map(({ vendor, name, check }) => ({
          vendor,
          name,
          ...check,
          until_at: check.until_at === null ? null : isoOf(check.until_at),
        })),
        told.length === 0
          ? ['There is no vendor here yet.']
          : told.flatMap(({ name, check }) => [
              `${check.found === 0 ? onOutput.green('✓') : onOutput.red('✗')} ${name}: ${sentence(check)}`,
              ...check.alterations.map((one) => `    ${WORDS[one.is]}${where(one)}`),
            ]),
      )
    }),
  )
}

const sentence = ({ place, until_at, sealed, waiting, found, anchored }: RecordCheck): string =>
  place === null || until_at === null
    ? `nothing is sealed yet, ${count(waiting, 'change')} waiting.`
    : `${count(sealed, 'change')} in ${count(place, 'seal')} up to ${isoOf(until_at)}, ${waiting} waiting; ${found === 0 ? 'none was altered' : `${found} altered`}${anchored === 0 ? '' : `, ${count(anchored, 'anchor')} compared`}.`

const WORDS: { readonly [is in RecordCheck['alterations'][number]['is']]: string } = {
  edited: 'edited',
  deleted: 'taken out',
  slipped_in: 'slipped in',
  seal_broken: 'a seal that does not hold',
  seal_missing: 'a seal is missing before this one',
  let_go_early: 'let go of before its time',
  anchor_broken: 'another seal than the log tells of',
}
const where = ({ place, id }: RecordCheck['alterations'][number]): string =>
  [id === null ? '' : `: ${id}`, place === null ? '' : ` (seal ${place})`].join('')

/** What our log says of seals, one line of JSON each; other lines are nothing to us. */
function anchorsIn(file: string): Anchor[] {
  const anchors = readTextFile(file).split('\n').flatMap(anchorsOf)
  if (anchors.length === 0)
    throw new Refusal(
      'invalid',
      `There is no seal in ${file}. Give a log of "wedsync start" or "wedsync worker".`,
    )
  return anchors
}

function anchorsOf(line: string): Anchor[] {
  if (!line.includes('"anchors"')) return []
  try {
    const { anchors } = JSON.parse(line) as { anchors?: unknown }
    return Array.isArray(anchors) ? anchors.filter(isAnchor) : []
  } catch {
    return []
  }
}

const isAnchor = (one: unknown): one is Anchor =>
  typeof one === 'object' &&
  one !== null &&
  'vendor' in one &&
  'place' in one &&
  Number.isInteger(one.place) &&
  'hash' in one &&
  typeof one.hash === 'string'
