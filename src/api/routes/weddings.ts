import type { z } from 'zod'
import {
  changeWedding,
  coupleDates,
  previewWedding,
  readWedding,
  undoWedding,
  type weddingChange,
} from '../../contract/weddings.ts'
import type { ClientId, RunId, VendorId, WeddingId } from '../../core/ids.ts'
import { Refusal } from '../../core/refusal.ts'
import type { Choice, Choices } from '../../core/run/chosen.ts'
import { instantFrom, isoOf } from '../../core/time/instant.ts'
import type { AnchorValue } from '../../core/wedding/anchor.ts'
import { applyChange, changeIn, type DetailsChange, undoDetailsIn } from '../../engine/change-details.ts'
import { datesOfCouple } from '../../engine/couple-dates.ts'
import { namedClientsIn, namesOf } from '../../engine/find-clients.ts'
import { zoneFor } from '../../engine/imagined.ts'
import { previewRuns } from '../../engine/preview-details.ts'
import { ringTouched } from '../../engine/ring.ts'
import type { Sql } from '../../ports.ts'
import { clientsMarryingOn, lockWeddings, readWeddings, type WeddingRow } from '../../store/clients.ts'
import { type ChangeLine, lastChangeOf } from '../../store/run-pages.ts'
import { changes, type Route, reads } from '../frame/route.ts'

type Wanted = z.output<typeof weddingChange>
type ValueDocument = NonNullable<NonNullable<Wanted['anchors']>[string]>

const SAME_DAY_MAX = 5

const noWedding = (): Refusal => new Refusal('not_found', 'There is no wedding here with this id.')

const shownValue = (value: AnchorValue | null): ValueDocument | null =>
  value === null ? null : value.is === 'moment' ? { is: 'moment', at: isoOf(value.at) } : { ...value }

const valueFrom = (value: ValueDocument | null): AnchorValue | null => {
  if (value === null) return null
  if (value.is === 'moment') return { is: 'moment', at: instantFrom(value.at) }
  if (value.is === 'hour') return { ...value, zone: zoneFor(value.zone) } as AnchorValue
  return value as AnchorValue
}

const changedDates = ({ anchors_before: before, anchors_after: after }: ChangeLine) =>
  Object.keys(after)
    .filter((name) => after[name]?.generation !== before[name]?.generation)
    .map((name) => ({
      name,
      from: shownValue(before[name]?.value ?? null),
      to: shownValue(after[name]?.value ?? null),
    }))

async function shown(sql: Sql, vendor: VendorId, row: WeddingRow) {
  const last = await lastChangeOf(sql, vendor, row.wedding_id)
  return {
    id: row.wedding_id as string,
    on: row.wedding_on,
    status: row.status,
    zone: row.zone,
    region: row.region,
    guests: row.guests,
    anchors: Object.fromEntries(
      Object.entries(row.anchors).map(([name, one]) => [
        name,
        { value: shownValue(one.value), generation: one.generation },
      ]),
    ),
    lastChange: last && {
      id: last.change_id,
      at: isoOf(last.at),
      by: last.actor,
      undoUntil: isoOf(last.undo_until),
      undone: last.undone_at !== null,
      from: last.from,
      to: last.to,
      dates: changedDates(last),
      status:
        last.status_before === last.status_after ? null : { from: last.status_before, to: last.status_after },
    },
  }
}

function changeFrom(wedding: string, wanted: Wanted): DetailsChange {
  const { anchors, status, zone, region, guests, choices } = wanted
  if (choices?.length && Object.keys(anchors ?? {}).length === 0 && !zone)
    throw new Refusal('invalid', 'Choices for single steps belong to another date or place.')
  return {
    wedding: wedding as WeddingId,
    ...(anchors
      ? {
          anchors: Object.fromEntries(
            Object.entries(anchors).map(([name, value]) => [name, valueFrom(value)]),
          ),
        }
      : {}),
    ...(status ? { status } : {}),
    ...(zone ? { zone: zoneFor(zone) } : {}),
    ...(region === undefined ? {} : { region }),
    ...(guests === undefined ? {} : { guests }),
    ...(choices ? { choices: choicesFrom(choices) } : {}),
  }
}

function choicesFrom(wanted: NonNullable<Wanted['choices']>): ReadonlyMap<RunId, Choices> {
  const byRun = Map.groupBy(wanted, (one) => one.run as RunId)
  return new Map(
    [...byRun].map(([run, list]) => [
      run,
      Object.fromEntries(list.map((one) => [one.node, choiceFrom(one)])) as Choices,
    ]),
  )
}

function choiceFrom({ choice, at }: NonNullable<Wanted['choices']>[number]): Choice {
  if (choice === 'keep') return { is: 'keep', at: instantFrom(at!) }
  if (choice === 'follow' || choice === 'skip') return { is: choice }
  return { is: 'late', policy: choice }
}

async function current(sql: Sql, vendor: VendorId, wedding: string): Promise<WeddingRow> {
  const [row] = await readWeddings(sql, vendor, [wedding as WeddingId])
  if (!row) throw noWedding()
  return row
}

export const weddingRoutes: readonly Route[] = [
  reads(coupleDates, ({ engine, vendor }, { params }) =>
    engine.db.read('client.dates', { vendors: [vendor] }, async (sql) => ({
      items: (await datesOfCouple(engine, sql, vendor, params.client as ClientId)).map(
        ({ value, ...one }) => ({
          ...one,
          value: shownValue(value),
        }),
      ),
    })),
  ),
  reads(readWedding, ({ engine, vendor }, { params }) =>
    engine.db.read('wedding.read', { vendors: [vendor] }, async (sql) =>
      shown(sql, vendor, await current(sql, vendor, params.wedding)),
    ),
  ),
  reads(previewWedding, async ({ engine, vendor }, { params, body }) => {
    const told = await previewRuns(engine, vendor, changeFrom(params.wedding, body))
    const day = body.anchors?.wedding && 'on' in body.anchors.wedding ? body.anchors.wedding.on : null
    const [names, sameDay] = await engine.db.read('client.names', { vendors: [vendor] }, async (sql) => [
      await namedClientsIn(engine, sql, vendor, [...new Set(told.runs.map((one) => one.client))]),
      day === null
        ? []
        : await namedClientsIn(
            engine,
            sql,
            vendor,
            await clientsMarryingOn(sql, vendor, day, params.wedding, SAME_DAY_MAX),
          ),
    ])
    return {
      zone: told.zone,
      zoneAfter: told.zoneAfter,
      sameDay: sameDay.map((one) => ({ client: one.client_id, names: namesOf(one) })),
      runs: told.runs.map((one) => {
        const client = names.find((found) => found.client_id === one.client)
        return {
          run: one.run,
          journey: one.journey,
          client: one.client,
          names: client ? namesOf(client) : 'erased',
          ends: one.preview.ends,
          steps: one.preview.steps.map((step) => ({
            node: step.node,
            name: step.name,
            kind: step.kind,
            is: step.is,
            from: step.from && isoOf(step.from),
            to: step.to && isoOf(step.to),
            zone: step.zone,
            why: step.why,
            choices: [...step.choices],
            chosen: step.chosen && { is: step.chosen.is, to: step.chosen.to && isoOf(step.chosen.to) },
          })),
        }
      }),
    }
  }),
  changes(changeWedding, async (at, { params, body }) => {
    const { engine, sql, vendor } = at
    const change = changeFrom(params.wedding, body)
    const [row] = await lockWeddings(sql, vendor, [change.wedding])
    if (!row) throw noWedding()
    const before = await shown(sql, vendor, row)
    at.mustBeSeen(before)
    at.auditedWithin()
    // A change of nothing must not stand before the last one that can be taken back.
    if (JSON.stringify(applyChange(row, change)) === JSON.stringify(row)) return before
    const receipt = await changeIn(engine, sql, vendor, [change], at.actor, 'undoable')
    at.after(() =>
      ringTouched(
        engine,
        receipt.runs.map((one) => one.run),
      ),
    )
    return shown(sql, vendor, await current(sql, vendor, params.wedding))
  }),
  changes(undoWedding, async (at, { params }) => {
    const { engine, sql, vendor } = at
    if (!(await lastChangeOf(sql, vendor, params.wedding, params.change)))
      throw new Refusal('not_found', 'There is no such change of this wedding.')
    const receipt = await undoDetailsIn(engine, sql, vendor, params.change, at.actor)
    at.auditedWithin()
    at.after(() =>
      ringTouched(
        engine,
        receipt.runs.map((one) => one.run),
      ),
    )
    return shown(sql, vendor, await current(sql, vendor, params.wedding))
  }),
]
