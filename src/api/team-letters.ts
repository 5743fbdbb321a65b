import type { Accounts } from '../accounts/accounts.ts'
import { waitingLetter } from '../accounts/words.ts'
import { ASKED, answersFor } from '../core/answering.ts'
import { channelsOf } from '../core/channel-settings.ts'
import type { ClientId, VendorId } from '../core/ids.ts'
import { DAY_MS, HOUR_MS, instant, MINUTE_MS, plusMs } from '../core/time/instant.ts'
import type { Zone } from '../core/time/local.ts'
import { tellMoment } from '../core/time/spoken.ts'
import type { Engine } from '../engine/engine.ts'
import { namedClientsIn, namesOf } from '../engine/find-clients.ts'
import { type Member, membersOf } from '../engine/members.ts'
import { homeZone } from '../engine/vendor-views.ts'
import { openJson } from '../engine/views.ts'
import { capturedPlace } from '../outgoing.ts'
import type { Sql } from '../ports.ts'
import { readDress, setChannels } from '../store/brand.ts'
import { allVendors } from '../store/journeys.ts'
import { askedWithin, notesWithin, noticesWithin, type Span, vendorsToTell } from '../store/team.ts'

/**
 * Whoever does not sit before the screen is told by mail what came to wait for them: a yes, a task, a note of a
 * journey, something to look at. One letter in an hour at most, and none for what was answered within two minutes.
 * Up to where it was told lies with the business, in the transaction in which the letters are written down; should
 * the process die between the two, a letter may come twice, and none is lost.
 */
const LEFT_ALONE_MS = 2 * MINUTE_MS
const LATELY_MS = HOUR_MS
const LINES_MAX = 50
const TOLD_MAX = 12
const VENDORS_AT_ONCE = 200

type Line = { readonly role: string; readonly says: string }

export async function tellTeams(
  engine: Engine,
  accounts: Pick<Accounts, 'post'>,
  url: string,
): Promise<number> {
  const vendors = (await allVendors(engine.db)).map((row) => row.vendor_id)
  let letters = 0
  for (let from = 0; from < vendors.length; from += VENDORS_AT_ONCE) {
    const page = vendors.slice(from, from + VENDORS_AT_ONCE)
    const now = engine.clock.now()
    const at = { until: plusMs(now, -LEFT_ALONE_MS), lately: plusMs(now, -LATELY_MS) }
    const some = await engine.db.read('team.look', { vendors: page }, (sql) => vendorsToTell(sql, page, at))
    for (const vendor of some) letters += await tellTeam(engine, accounts, url, vendor)
  }
  return letters
}

async function tellTeam(
  engine: Engine,
  accounts: Pick<Accounts, 'post'>,
  url: string,
  vendor: VendorId,
): Promise<number> {
  return engine.db.tx('team.tell', { vendors: [vendor] }, async (sql) => {
    const row = await readDress(sql, vendor, 'lock')
    if (!row) return 0
    const settings = channelsOf(row.channels)
    const now = engine.clock.now()
    const span = { after: instant(settings.team.told ?? 0), until: plusMs(now, -LEFT_ALONE_MS) }
    // Somebody else was quicker.
    if (span.after > plusMs(now, -LATELY_MS)) return 0
    const [lines, notices, members] = await Promise.all([
      linesWithin(engine, sql, vendor, span),
      noticesWithin(sql, vendor, span),
      membersOf(engine, sql, vendor),
    ])
    let letters = 0
    for (const member of members) {
      const told = toldTo(member, lines, notices)
      if (told === null) continue
      await accounts.post(
        waitingLetter(
          { address: member.email, name: member.name },
          row.name,
          told,
          `${url}/?business=${vendor}`,
        ),
        DAY_MS,
      )
      letters += 1
    }
    await setChannels(sql, vendor, { ...settings, team: { ...settings.team, told: span.until } })
    return letters
  })
}

/** What this member may answer, and what is to be looked at; null for whoever is asked nothing. */
function toldTo(
  { role }: Member,
  lines: readonly Line[],
  notices: number,
): { readonly lines: readonly string[]; readonly more: number; readonly notices: number } | null {
  const asked: readonly string[] = answersFor(role)
  const mine = lines.filter((one) => asked.includes(one.role))
  if (asked.length === 0 || mine.length + notices === 0) return null
  return {
    lines: mine.slice(0, TOLD_MAX).map(({ says }) => says),
    more: Math.max(0, mine.length - TOLD_MAX),
    notices,
  }
}

async function linesWithin(engine: Engine, sql: Sql, vendor: VendorId, span: Span): Promise<Line[]> {
  const [asked, notes, here] = await Promise.all([
    askedWithin(sql, vendor, span, LINES_MAX),
    notesWithin(sql, vendor, span, LINES_MAX),
    homeZone(engine, sql, vendor),
  ])
  const clients = [...new Set([...asked, ...notes].map((one) => one.client_id))]
  const named = await namedClientsIn(engine, sql, vendor, clients)
  const names = new Map(named.map((one) => [one.client_id, firstNames(namesOf(one))]))
  const who = (client: ClientId): string => names.get(client) ?? 'A couple'
  return [
    ...asked.map((one) => {
      const by = one.by === null ? '' : tellMoment(one.by, (one.zone as Zone | null) ?? here)
      return {
        role: one.role,
        says:
          one.is === 'approval'
            ? `${who(one.client_id)}: “${one.says}” waits for a yes${by && `, until ${by}`}`
            : `${who(one.client_id)}: ${one.says}${by && ` Due ${by}`}`,
      }
    }),
    ...(await Promise.all(
      notes.map(async ({ effect_id: effect, client_id: client, recipient, sealed }) => {
        const { text } = await openJson(engine.vault, capturedPlace(vendor, effect), sealed)
        return { role: roleOf(recipient), says: `${who(client)}: ${String(text ?? 'A note of a journey')}` }
      }),
    )),
  ]
}

/** A note names a role, as `member:manager`; one that names another is for the owner. */
const roleOf = (recipient: string): string => ASKED.find((one) => recipient === `member:${one}`) ?? 'owner'

const firstNames = (names: string): string =>
  names
    .split(' & ')
    .map((name) => name.split(/\s+/)[0] ?? name)
    .join(' & ')
